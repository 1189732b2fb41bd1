/** With whom this tab mixes, and how far they were apart, in one line. */
import { useNodeState } from '../node'
import { listed, useWords } from '../words/words'
import styles from './Neighbours.module.css'

export function Neighbours() {
  const words = useWords()
  const { gossip, merging } = words
  const web = useNodeState((state) => state.web)
  const names = useNodeState(({ web, devices, selfKey }) =>
    devices
      .filter(({ key }) =>
        web?.edges.some((edge) => edge.includes(selfKey) && edge.includes(key) && key !== selfKey),
      )
      .map(({ name }) => name),
  )
  if (!web) return null
  const latest = web.consensus.at(-1)
  return (
    <p className={styles.neighbours}>
      <span>{names.length === 0 ? gossip.nobody : gossip.neighbours(listed(words, names))}</span>
      {latest !== undefined && <strong>{gossip.apart(merging.share(latest))}</strong>}
    </p>
  )
}
