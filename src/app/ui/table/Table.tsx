/**
 * Numbers as a table that scrolls by itself; its first column names the row. A long one shows a window of its rows, and
 * buttons that move it: a run of a thousand rounds is as light to draw as one of ten.
 */
import { useState } from 'react'
import { useWords } from '../../words/words'
import { Button } from '../controls/Button'
import styles from './Table.module.css'
import { windowOf } from './tableWindow'

export interface TableProps {
  /** What it holds, for who cannot see it. */
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows are added at the end, and the newest are what one looks for. */
  readonly grows?: boolean
}

export function Table({ title, columns, rows, grows = false }: TableProps) {
  const { table: words } = useWords()
  /** Null: where one begins to read, also after rows were added. */
  const [chosen, setChosen] = useState<number | null>(null)
  const { from, to, earlier, later } = windowOf(rows.length, chosen, grows)
  const shown = rows.slice(from, to).map((cells, at) => ({ place: from + at, cells }))
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={styles.scroll} aria-label={title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ place, cells }) => (
              <tr key={place}>
                {cells.map((cell, index) =>
                  index === 0 ? (
                    <th key={columns[index]} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={columns[index]}>{cell}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {to - from < rows.length && (
        <p className={styles.window}>
          <Button look="quiet" disabled={earlier === null} onClick={() => setChosen(earlier)}>
            {words.earlier}
          </Button>
          <span aria-live="polite">{words.window(from + 1, to, rows.length)}</span>
          <Button look="quiet" disabled={later === null} onClick={() => setChosen(later)}>
            {words.later}
          </Button>
        </p>
      )}
    </>
  )
}
