/**
 * The run at a glance and in hand: round, stages, who has sent, time left, and the buttons that drive it. Once it is over the
 * same bar hands out what was learned, so that nothing moves at the end.
 */
import { AlertDialog } from 'radix-ui'
import { type CSSProperties, useEffect, useState } from 'react'
import type { RoundStage } from '../../node/state'
import { useNode, useNodeState } from '../node'
import { Fingerprint, TakeHomeButton } from '../room/TakeHome'
import { Button } from '../ui/controls/Button'
import { useWords } from '../words/words'
import styles from './RunBar.module.css'

const stages: readonly RoundStage[] = ['broadcast', 'training', 'merging', 'loading', 'evaluating']

interface Props {
  /** Whether what was learned is taken home from here. */
  readonly givesOut?: boolean
}

export function RunBar({ givesOut = false }: Props) {
  const words = useWords()
  const phase = useNodeState((state) => state.phase)
  const round = useNodeState((state) => state.round)
  const traffic = useNodeState((state) => state.bytes.sent + state.bytes.received)
  const speed = useNodeState((state) => state.tokensPerSecond)
  const trained = useNodeState(trainedShare)
  const now = round.stage ? stages.indexOf(round.stage) : -1
  return (
    <div className={styles.frame}>
      <section className={styles.bar} aria-label={words.run.controls}>
        <div className={styles.round}>
          <h2 className={styles.number} data-rest>
            {round.number === 0 ? words.run.before : words.run.round(round.number, round.of)}
          </h2>
          <p className={styles.note}>{noteOf()}</p>
        </div>
        {phase.kind !== 'finished' && (
          <ol className={styles.stages}>
            {stages.map((stage, index) => (
              <li
                key={stage}
                aria-current={index === now ? 'step' : undefined}
                className={index < now ? styles.done : undefined}
                style={
                  {
                    '--share': index < now ? 1 : index > now ? 0 : stage === 'training' ? trained : 0.5,
                  } as CSSProperties
                }
              >
                {words.run.stages[stage]}
              </li>
            ))}
          </ol>
        )}
        <dl className={styles.figures}>
          <div>
            <dt>{words.run.traffic}</dt>
            <dd>{words.bytes(traffic)}</dd>
          </div>
          {speed !== null && speed > 0 && (
            <div>
              <dt>{words.run.speed}</dt>
              <dd>{words.tokensPerSecond(speed)}</dd>
            </div>
          )}
        </dl>
        <RunButtons />
        {givesOut && phase.kind === 'finished' && (
          <div className={styles.out}>
            <Fingerprint />
            <TakeHomeButton prominent />
          </div>
        )}
      </section>
    </div>
  )

  function noteOf() {
    if (phase.kind === 'paused') return words.run.pausedBecause(phase.why)
    if (phase.kind === 'finished') return words.run.finished(phase.why)
    if (round.cohort === 0) return null
    return (
      <>
        {words.run.arrived(round.arrived, round.cohort)}
        {round.deadlineAtMs !== null && <Countdown toMs={round.deadlineAtMs} />}
      </>
    )
  }
}

/** Mean progress of the devices' local steps, for the training stage's bar. */
function trainedShare({
  devices,
}: {
  devices: readonly { role: string; step: number; steps: number }[]
}): number {
  const training = devices.filter(({ role, steps }) => role === 'device' && steps > 0)
  const sum = training.reduce((total, { step, steps }) => total + step / steps, 0)
  return training.length > 0 ? sum / training.length : 0
}

function Countdown({ toMs }: { readonly toMs: number }) {
  const words = useWords()
  const [left, setLeft] = useState(() => secondsUntil(toMs))
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(toMs)), 500)
    return () => clearInterval(timer)
  }, [toMs])
  return <> · {words.run.deadline(left)}</>
}

const secondsUntil = (atMs: number): number => Math.max(0, Math.ceil((atMs - Date.now()) / 1000))

function RunButtons() {
  const words = useWords()
  const node = useNode()
  const kind = useNodeState((state) => state.phase.kind)
  if (kind !== 'running' && kind !== 'paused') return null
  return (
    <div className={styles.buttons}>
      {kind === 'running' ? (
        <Button look="primary" onClick={() => node.pause()}>
          {words.run.pause}
        </Button>
      ) : (
        <Button look="primary" onClick={() => node.resume()}>
          {words.run.resume}
        </Button>
      )}
      <Button disabled={kind === 'running'} onClick={() => node.stepRound()}>
        {words.run.step}
      </Button>
      <StopButton />
    </div>
  )
}

function StopButton() {
  const words = useWords()
  const node = useNode()
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>
        <Button look="danger">{words.run.stop}</Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={styles.veil} />
        <AlertDialog.Content className={styles.dialog}>
          <AlertDialog.Title>{words.run.stopAsk}</AlertDialog.Title>
          <AlertDialog.Description>{words.run.stopLead}</AlertDialog.Description>
          <div className={styles.buttons}>
            <AlertDialog.Cancel asChild>
              <Button>{words.cancel}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button look="primary" onClick={() => node.stop()}>
                {words.run.stop}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
