/** The numbers behind a picture, folded away: what a screen reader reads and a sceptic checks. */
import { Fold } from '../Fold'
import { Table, type TableProps } from './Table'

interface Props extends Omit<TableProps, 'rows'> {
  /** Asked for only while somebody looks. */
  readonly rows: () => TableProps['rows']
  /** Unfolded from the first. */
  readonly open?: boolean
}

export function TableBehind({ rows, open, ...table }: Props) {
  return (
    <Fold title={table.title} quiet open={open}>
      {() => <Table {...table} rows={rows()} />}
    </Fold>
  )
}
