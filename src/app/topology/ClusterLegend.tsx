/** Who shares an adapter with whom, in words: the legend of the areas in the web. */
import type { CSSProperties } from 'react'
import { useNodeState } from '../node'
import { listed, useWords } from '../words/words'
import styles from './ClusterLegend.module.css'
import { clustersIn } from './clusters'

export function ClusterLegend() {
  const words = useWords()
  const devices = useNodeState((state) => state.devices)
  const clusters = clustersIn(devices, words)
  if (clusters.length === 0) return null
  return (
    <ul className={styles.legend} aria-label={words.clusters.title}>
      {clusters.map(({ id, name, colour, dash, devices: members }) => (
        <li key={id} style={{ '--own': colour } as CSSProperties}>
          <svg viewBox="0 0 28 12" aria-hidden="true">
            <rect x="1" y="1" width="26" height="10" rx="4" strokeDasharray={dash} />
          </svg>
          {words.clusters.members(
            name,
            listed(
              words,
              members.map((device) => device.name),
            ),
          )}
        </li>
      ))}
    </ul>
  )
}
