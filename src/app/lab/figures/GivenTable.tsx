/** What each simulated device of the chosen run was given for a round, where that follows from what it can do. */
import { Panel } from '../../ui/page/Panel'
import { Table } from '../../ui/table/Table'
import { useWords } from '../../words/words'
import { useRuns } from '../runs'

export function GivenTable() {
  const words = useWords()
  const run = useRuns(({ runs, selected }) => runs.find(({ id }) => id === selected))
  const allocation = run?.curves.findLast(({ outcome }) => outcome)?.outcome?.allocation
  if (!allocation) return null
  const { title, lead, table, device, steps, batch, rank, ready } = words.lab.given
  return (
    <Panel title={title} lead={lead}>
      <Table
        title={table}
        columns={[device, steps, batch, rank, ready]}
        rows={allocation.map((given, index) => [
          ...[index + 1, given.steps, given.batch, given.rank].map(String),
          words.duration(given.expectedMs / 1000),
        ])}
      />
    </Panel>
  )
}
