/** The weights of an ensemble or a mixture over the tokens, as areas upon each other; the numbers stand in a table behind it. */
import type { Weights } from '../../../node/reasoning/view/view'
import { TableBehind } from '../../ui/table/TableBehind'
import { useWords } from '../../words/words'
import type { People } from '../people'
import { areasOf } from './areas'
import styles from './crew.module.css'

interface Props {
  readonly past: readonly Weights[]
  readonly people: People
}

export function WeightsPicture({ past, people }: Props) {
  const words = useWords()
  const areas = areasOf(past)
  return (
    <figure className={styles.picture}>
      <svg
        role="img"
        aria-label={words.reason.weightsPicture}
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        className={styles.areas}
      >
        {areas.map(({ id, path }) => (
          <path key={id} d={path} style={{ fill: people.of(id).colour }} />
        ))}
      </svg>
      <TableBehind
        title={words.reason.table}
        columns={[words.reason.place, ...areas.map(({ id }) => people.of(id).name)]}
        rows={() =>
          past.map((members, at) => [
            words.number(at + 1),
            ...areas.map(({ id }) => {
              const weight = members.find((one) => one.id === id)?.weight
              return weight === undefined ? '–' : words.percent(weight)
            }),
          ])
        }
        grows
      />
    </figure>
  )
}
