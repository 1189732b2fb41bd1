/** Attacks to watch: a card for each, by what is attacked, and what defences cost. */
import type { AttackName } from '../../lab/attacks/attack'
import type { LabPresetName } from '../../lab/presets'
import { PageHead } from '../ui/page/PageHead'
import { useWords } from '../words/words'
import { AttackCard } from './AttackCard'
import styles from './attacks.module.css'
import { CostsPanel } from './CostsPanel'

const groups = {
  told: ['reading', 'membership', 'gradients', 'rows'],
  spoiled: ['signFlip', 'scaling', 'labelFlip', 'backdoor'],
  forged: ['orders', 'sybil', 'spoofing'],
} as const satisfies Record<string, readonly AttackName[]>
/** The Lab's lesson on the same matter. */
const lessons: Partial<Record<keyof typeof groups, LabPresetName>> = { told: 'only-sums', spoiled: 'liars' }
const groupNames = Object.keys(groups) as (keyof typeof groups)[]

/** @param seed from which texts, keys and noise follow */
export function AttacksPage({ seed }: { readonly seed: number }) {
  const words = useWords().attacks
  return (
    <>
      <PageHead />
      <main id="content" tabIndex={-1} className={styles.page}>
        <div className={styles.intro}>
          <h1>{words.title}</h1>
          <p>{words.lead}</p>
        </div>
        {groupNames.map((group) => (
          <section key={group} aria-labelledby={`group-${group}`} className={styles.group}>
            <h2 id={`group-${group}`}>{words.groups[group]}</h2>
            <Lesson preset={lessons[group]} />
            <div className={styles.cards}>
              {groups[group].map((name) => (
                <AttackCard key={name} name={name} seed={seed} />
              ))}
            </div>
          </section>
        ))}
        <CostsPanel seed={seed} />
      </main>
    </>
  )
}

function Lesson({ preset }: { readonly preset: LabPresetName | undefined }) {
  const { attacks, lab } = useWords()
  return preset ? (
    <p className={styles.lesson}>
      <a href={`/?view=lab&preset=${preset}`}>{attacks.lesson(lab.presets[preset].name)}</a>
    </p>
  ) : null
}
