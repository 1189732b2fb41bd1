/** How the text is made at the moment, where the tab has chosen that itself, and why: one sentence. */
import type { Asking } from '../../../node/reasoning/view/view'
import { useTelling } from '../costs/telling'
import type { People } from '../people'
import styles from './answer.module.css'

interface Props {
  readonly asking: Asking
  readonly people: People
}

export function ChosenWay({ asking: { incidents }, people }: Props) {
  const tell = useTelling(people)
  const newest = incidents.findLast((one) => one.kind === 'mode')
  return newest ? <p className={styles.chosen}>{tell(newest)}</p> : null
}
