/** With whom this tab mixes, and how far they were apart, in one line. */
import { useNodeState } from '../node'
import { useWords } from '../words/words'
import styles from './Neighbours.module.css'

export function Neighbours() {
  const { gossip, merging } = useWords()
  const web = useNodeState((state) => state.web)
  const names = useNodeState(({ web, devices, selfKey }) =>
    devices
      .filter(({ key }) =>
        web?.edges.some((edge) => edge.includes(selfKey) && edge.includes(key) && key !== selfKey),
      )
      .map(({ name }) => name)
      .join(', '),
  )
  if (!web) return null
  const latest = web.consensus.at(-1)
  return (
    <p className={styles.neighbours}>
      <span>{names === '' ? gossip.nobody : gossip.neighbours(names)}</span>
      {latest !== undefined && <strong>{gossip.apart(merging.share(latest))}</strong>}
    </p>
  )
}
