/** The numbers behind a picture, folded away: what a screen reader reads and a sceptic checks. */
import { Fold } from '../Fold'
import { Table, type TableProps } from './Table'

interface Props extends Omit<TableProps, 'rows'> {
  /** Asked for only while somebody looks. */
  readonly rows: () => TableProps['rows']
}

export function TableBehind({ rows, ...table }: Props) {
  return (
    <Fold title={table.title} quiet>
      {() => <Table {...table} rows={rows()} />}
    </Fold>
  )
}
