/**
 * The idea as a living picture: small tabs hang in a web, send drops to the middle, and get the sun back. The dots at a
 * tab's foot are what it knows: its own from the start, the others' as rounds go by. With a recording it shows real numbers.
 */
import { type CSSProperties, useEffect, useState } from 'react'
import { ringShares, weave } from '../topology/web/geometry'
import { useWords } from '../words/words'
import styles from './Illustration.module.css'
import { type RecordedRun, useRecordedRun } from './recordedRun'

const size = { width: 640, height: 540 }
const pictured = 5
const cycles = 10
const cycleMs = 4200

export function Illustration() {
  const words = useWords()
  const run = useRecordedRun()
  const cycle = useCycle()
  const tabs = Math.min(Math.max(run?.devices.length ?? pictured, 2), 6)
  const web = weave(tabs, size.width, size.height, { side: 70, top: 52, bottom: 52 })
  const record = run && recordAt(run, cycle)
  const known = record?.recall?.merged ?? cycle / cycles
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={words.landing.picture}>
        {[...web.anchors, ...web.seats].map((end) => (
          <line
            key={`${end.x} ${end.y}`}
            x1={web.centre.x}
            y1={web.centre.y}
            x2={end.x}
            y2={end.y}
            className={styles.thread}
          />
        ))}
        {ringShares(cycle, cycles, cycles).map((share, index) => (
          <path
            key={share}
            d={web.ring(share)}
            pathLength={1}
            className={`${styles.ring} ${index === cycle - 1 ? styles.newest : ''}`}
          />
        ))}
        <g key={cycle}>
          {web.seats.map((seat, index) => {
            const way = {
              '--dx': `${web.centre.x - seat.x}px`,
              '--dy': `${web.centre.y - seat.y}px`,
              '--own': `var(--device-${index})`,
              '--wait': `${index * 90}ms`,
            } as CSSProperties
            return (
              <g key={`${seat.x}`} transform={`translate(${seat.x} ${seat.y})`} style={way}>
                <circle r="6" className={styles.up} />
                <circle r="7.5" className={styles.down} />
              </g>
            )
          })}
          <circle cx={web.centre.x} cy={web.centre.y} r="26" className={styles.glow} />
        </g>
        <circle cx={web.centre.x} cy={web.centre.y} r="22" className={styles.middle} />
        <circle cx={web.centre.x} cy={web.centre.y} r="9" className={styles.sun} />
        {web.seats.map((seat, index) => (
          <TabPicture key={`${seat.x}`} x={seat.x} y={seat.y} own={index} of={tabs} known={known} />
        ))}
      </svg>
      <figcaption className={styles.caption}>
        {record && <span>{words.landing.recordedRound(record.round, run.history.length)}</span>}
        {record?.recall && (
          <strong>
            {words.landing.recordedRecall(
              words.percent(record.recall.merged),
              record.recall.alone === null ? null : words.percent(record.recall.alone),
            )}
          </strong>
        )}
      </figcaption>
    </figure>
  )
}

interface TabProps {
  readonly x: number
  readonly y: number
  readonly own: number
  readonly of: number
  readonly known: number
}

function TabPicture({ x, y, own, of, known }: TabProps) {
  const others = Array.from({ length: of }, (_, index) => index).filter((index) => index !== own)
  return (
    <g
      transform={`translate(${x - 56} ${y - 42})`}
      style={{ '--own': `var(--device-${own})` } as CSSProperties}
    >
      <rect width="112" height="84" rx="9" className={styles.tab} />
      <path d="M0 20V9A9 9 0 0 1 9 0H103A9 9 0 0 1 112 9V20Z" className={styles.bar} />
      <circle cx="13" cy="10" r="3.6" className={styles.own} />
      <path d="M12 33H84M12 43H98M12 53H62" className={styles.lines} />
      <path d={`M${own % 2 ? 66 : 30} 43H${own % 2 ? 92 : 70}`} className={styles.fact} />
      <circle cx="17" cy="70" r="5" className={styles.own} />
      {others.map((index, place) => (
        <circle
          key={index}
          cx={33 + place * 15}
          cy="70"
          r="5"
          className={styles.learned}
          style={
            {
              '--own': `var(--device-${index})`,
              opacity: known * others.length > place ? 1 : 0.13,
            } as CSSProperties
          }
        />
      ))}
    </g>
  )
}

/** Counts 1 … 10 and starts over. Stands at the end for those who want no motion. */
function useCycle(): number {
  const [cycle, setCycle] = useState(() =>
    matchMedia('(prefers-reduced-motion: reduce)').matches ? cycles : 1,
  )
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const timer = setInterval(() => setCycle((before) => (before % cycles) + 1), cycleMs)
    return () => clearInterval(timer)
  }, [])
  return cycle
}

/** A recording of any length is told in ten pictures: first to last round, evenly. */
function recordAt({ history }: RecordedRun, cycle: number) {
  return history[Math.min(history.length - 1, Math.ceil((cycle / cycles) * history.length) - 1)]
}
