/** Three steps, one of them now: Join, Train, Take home. */
import type { Phase } from '../../../node/state'
import { useWords } from '../../words/words'
import styles from './Rail.module.css'

const steps = ['join', 'train', 'takeHome'] as const
type RailStep = (typeof steps)[number]

export function railStep(phase: Phase, rounds: number): RailStep {
  if (phase.kind === 'finished') return 'takeHome'
  return phase.kind === 'running' || phase.kind === 'paused' || rounds > 0 ? 'train' : 'join'
}

export function Rail({ step }: { readonly step: RailStep }) {
  const words = useWords()
  const now = steps.indexOf(step)
  return (
    <nav aria-label={words.rail.label}>
      <ol className={styles.rail}>
        {steps.map((name, index) => (
          <li
            key={name}
            aria-current={index === now ? 'step' : undefined}
            className={index < now ? styles.done : undefined}
          >
            <i aria-hidden="true">{index < now ? '✓' : index + 1}</i>
            {words.rail[name]}
          </li>
        ))}
      </ol>
    </nav>
  )
}
