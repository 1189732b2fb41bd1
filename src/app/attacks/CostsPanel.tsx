/** What masks and noise cost a room, in bytes, time and loss, as soon as somebody wants to see it. */
import { pricedNames } from '../../lab/attacks/prices'
import { decimal } from '../format'
import { Button } from '../ui/controls/Button'
import { Panel } from '../ui/page/Panel'
import { useLanguage, useWords } from '../words/words'
import { runCosts, stopMeasuring, useAttacks } from './attackRuns'
import styles from './attacks.module.css'

const columns = ['bytes', 'roomSeconds', 'computingSeconds', 'loss', 'epsilon'] as const

export function CostsPanel({ seed }: { readonly seed: number }) {
  const { attacks, bytes, duration, said } = useWords()
  const words = attacks.costs
  const language = useLanguage()
  const costs = useAttacks((state) => state.costs)
  const problem = useAttacks((state) => state.costsProblem)
  const underWay = useAttacks((state) => state.underWay)
  const isHere = underWay?.kind === 'costs'
  const measured = pricedNames.flatMap((name) => {
    const cost = costs[name]
    return cost ? [{ name, cost }] : []
  })
  return (
    <Panel
      title={words.title}
      lead={words.lead}
      className={styles.costs}
      aside={
        isHere ? (
          <Button look="danger" aria-label={attacks.stopOf(words.title)} onClick={stopMeasuring}>
            {attacks.stop}
          </Button>
        ) : (
          <Button
            look="primary"
            aria-label={attacks.runOf(words.title)}
            disabled={underWay !== null}
            onClick={() => void runCosts(seed)}
          >
            {attacks.run}
          </Button>
        )
      }
    >
      {measured.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        <section className={styles.scroll} aria-label={words.table} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.columns.what}</th>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {words.columns[column]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {measured.map(({ name, cost }) => (
                <tr key={name}>
                  <th scope="row">{words.rows[name]}</th>
                  <td>{bytes(cost.bytes)}</td>
                  <td>{duration(cost.roomSeconds)}</td>
                  <td>{duration(cost.computingSeconds)}</td>
                  <td>{decimal(cost.loss, 3, language)}</td>
                  <td>{cost.epsilon === null ? '–' : decimal(cost.epsilon, 1, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p role="status" className={problem === null ? styles.status : styles.problem}>
        {isHere
          ? words.measuring(words.rows[underWay.of])
          : problem !== null
            ? said(problem)
            : costs.plain
              ? words.base(decimal(costs.plain.base, 3, language))
              : attacks.notRun}
      </p>
    </Panel>
  )
}
