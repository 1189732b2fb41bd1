/** The numbers behind a picture, folded away: what a screen reader reads and a sceptic checks. */
import { Fold } from './Fold'
import styles from './TableBehind.module.css'

interface Props {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export function TableBehind({ title, columns, rows }: Props) {
  return (
    <Fold title={title} quiet>
      <section className={styles.scroll} aria-label={title}>
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
            {rows.map((row) => (
              <tr key={row.join('·')}>
                {row.map((cell, index) =>
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
    </Fold>
  )
}
