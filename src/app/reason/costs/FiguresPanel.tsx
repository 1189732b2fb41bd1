/**
 * What an answer costs: speed, where the time of a token goes, bytes a token and a hop, how fast a lost tab was replaced; how guesses
 * fared, and what went over the wire to whom.
 */
import type { CSSProperties } from 'react'
import type { Asking } from '../../../node/reasoning/view/view'
import { decimal } from '../../format'
import { Panel } from '../../ui/page/Panel'
import { useLanguage, useWords } from '../../words/words'
import { type Costs, costsOf } from '../figures'
import type { People } from '../people'
import styles from './costs.module.css'
import { GuessFigures, KeptPromise } from './GuessFigures'
import { TrafficTables } from './TrafficTables'
import { tellingsOf } from './tellings'

interface Props {
  readonly asking: Asking | null
  readonly people: People
}

const nothing = '–'

export function FiguresPanel({ asking, people }: Props) {
  const words = useWords()
  const language = useLanguage()
  const costs = asking && costsOf(asking, people.self?.peer ?? '')
  const speed = costs && decimal(costs.tokensPerSecond, costs.tokensPerSecond < 99.5 ? 1 : 0, language)
  return (
    <Panel title={words.reason.figures}>
      <dl className={styles.figures}>
        <div>
          <dt>{words.reason.speed}</dt>
          <dd>
            <b>{speed ?? nothing}</b> {speed && words.reason.perSecond}
          </dd>
        </div>
        <div>
          <dt>{words.reason.bytesPerToken}</dt>
          <dd>{costs ? <BytesOf costs={costs} /> : <b>{nothing}</b>}</dd>
        </div>
        <div>
          <dt>{words.reason.recovery}</dt>
          <dd>{asking ? <RecoveryOf asking={asking} /> : <b>{nothing}</b>}</dd>
        </div>
        {asking && <GuessFigures asking={asking} />}
      </dl>
      {asking && <KeptPromise asking={asking} />}
      {costs && <Split costs={costs} />}
      {asking && <TrafficTables traffic={asking.traffic} people={people} />}
    </Panel>
  )
}

function BytesOf({ costs: { bytesPerToken, bytesPerHop, hops } }: { readonly costs: Costs }) {
  const words = useWords()
  if (bytesPerToken === 0)
    return (
      <>
        <b>0</b> <small>{words.reason.noBytes}</small>
      </>
    )
  return (
    <>
      <b>{words.bytes(bytesPerToken)}</b>{' '}
      {bytesPerHop !== null && <small>{words.reason.bytesPerHop(words.bytes(bytesPerHop), hops)}</small>}
    </>
  )
}

function RecoveryOf({ asking }: { readonly asking: Asking }) {
  const { reason: words } = useWords()
  const loss = tellingsOf(asking.incidents).findLast((one) => one.kind === 'lost')
  if (!loss) return <small>{words.noLoss}</small>
  const { detectedMs, recovery } = loss
  return (
    <b>{recovery ? words.lossAndRecovery(detectedMs, recovery.milliseconds) : words.lossOnly(detectedMs)}</b>
  )
}

/** The time of a token as a bar: what it computed, travelled, its share of looking for the others, the rest. */
function Split({ costs: { gatherMs, computeMs, travelMs, restMs } }: { readonly costs: Costs }) {
  const { reason: words } = useWords()
  const parts = [
    ['computing', computeMs],
    ['travelling', travelMs],
    ...(gatherMs > 0 ? ([['gathering', gatherMs]] as const) : []),
    ['rest', restMs],
  ] as const
  const whole = gatherMs + computeMs + travelMs + restMs
  return (
    <div className={styles.split}>
      <p>
        {words.perToken} <b>{words.milliseconds(whole)}</b>
      </p>
      <div className={styles.bar} aria-hidden="true">
        {parts.map(([part, ms]) => (
          <i key={part} data-part={part} style={{ '--share': ms / Math.max(whole, 1e-6) } as CSSProperties} />
        ))}
      </div>
      <ul aria-label={words.split}>
        {parts.map(([part, ms]) => (
          <li key={part}>
            <i data-part={part} aria-hidden="true" />
            <b>{words.milliseconds(ms)}</b> {words[part]}
          </li>
        ))}
      </ul>
    </div>
  )
}
