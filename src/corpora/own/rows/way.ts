/** One way to read the rows of a table: each is an example, or it is said why there is none. */
import type { Example } from '../../example'
import type { Reason } from '../problems'
import type { Form, Note, Row, Table } from '../reading'

export interface Way {
  readonly form: Form
  readonly column: string
  readonly read: (row: Row) => Example | Reason
  /** The table that is read so: the one that was given, or what its JSON holds. */
  readonly table: Table
  readonly notes?: readonly Note[]
}
