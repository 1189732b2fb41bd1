/** The numbers behind a picture, folded away: what a screen reader reads and a sceptic checks. */
import { Fold } from './Fold'
import { Table, type TableProps } from './Table'

export function TableBehind(table: TableProps) {
  return (
    <Fold title={table.title} quiet>
      <Table {...table} />
    </Fold>
  )
}
