/** What each simulated device of the chosen run was given for a round, where that follows from what it can do. */
import { Panel } from '../../ui/Panel'
import { useWords } from '../../words/words'
import { useRuns } from '../runs'
import styles from './figures.module.css'

export function GivenTable() {
  const words = useWords()
  const run = useRuns(({ runs, selected }) => runs.find(({ id }) => id === selected))
  const allocation = run?.curves.findLast(({ outcome }) => outcome)?.outcome?.allocation
  if (!allocation) return null
  const { device, steps, batch, rank, ready } = words.lab.given
  return (
    <Panel title={words.lab.given.title} lead={words.lab.given.lead}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={`${styles.scroll} ${styles.given}`} aria-label={words.lab.given.table} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[device, steps, batch, rank, ready].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {allocation.map((given, index) => (
              <tr key={given.device}>
                <th scope="row">{index + 1}</th>
                <td>{given.steps}</td>
                <td>{given.batch}</td>
                <td>{given.rank}</td>
                <td>{words.duration(given.expectedMs / 1000)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}
