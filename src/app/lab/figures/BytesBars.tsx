/** Bytes over the wide and the local network, run beside run: what edges save. The numbers stand in the table of runs. */
import type { CSSProperties } from 'react'
import { paletteColour } from '../../colours/palette'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import { runName } from '../names'
import { useRuns } from '../runs'
import { over } from './curves'
import styles from './figures.module.css'

export function BytesBars() {
  const words = useWords()
  const runs = useRuns((state) => state.runs)
  const bars = runs.flatMap((run) => {
    const wan = over(run, ({ bytes }) => bytes.wan)
    const lan = over(run, ({ bytes }) => bytes.lan)
    return wan && lan ? [{ run, wan: wan.mean, lan: lan.mean }] : []
  })
  const most = Math.max(...bars.flatMap(({ wan, lan }) => [wan, lan]), 1)
  if (bars.length === 0) return null
  return (
    <Panel title={words.lab.traffic} lead={words.lab.trafficLead}>
      <ul className={styles.traffic}>
        {bars.map(({ run, wan, lan }) => (
          <li key={run.id} style={{ '--line-colour': paletteColour(run.id) } as CSSProperties}>
            <p>{runName(words, run.settings)}</p>
            {[
              { name: words.lab.columns.wan, bytes: wan },
              { name: words.lab.columns.lan, bytes: lan },
            ].map(({ name, bytes }) => (
              <div key={name} className={styles.bar}>
                <span>{name}</span>
                <i style={{ width: `${(100 * bytes) / most}%` }} />
                <b>{words.bytes(bytes)}</b>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
