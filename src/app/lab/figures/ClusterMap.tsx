/** Who shared an adapter with whom, round by round: how clusters are found, and who moves. */
import { paletteColour } from '../../colours/palette'
import { Panel } from '../../ui/page/Panel'
import { TableBehind } from '../../ui/table/TableBehind'
import { useWords } from '../../words/words'
import { useRuns } from '../runs'
import styles from './figures.module.css'

const cell = { width: 24, height: 10 }

export function ClusterMap() {
  const words = useWords()
  const run = useRuns(({ runs, selected }) => runs.find(({ id }) => id === selected))
  const columns = (run?.curves.at(-1)?.clusters ?? []).flatMap((one) => (one ? [one] : []))
  if (columns.length === 0) return null
  const devices = columns[0].length
  const names = [...new Set(columns.flat())].sort()
  return (
    <Panel title={words.lab.map} lead={words.lab.mapLead}>
      <svg
        role="img"
        aria-label={words.lab.mapPicture(devices, columns.length)}
        viewBox={`0 0 ${columns.length * cell.width} ${devices * cell.height}`}
        preserveAspectRatio="none"
        className={styles.map}
      >
        {columns.flatMap((column, round) =>
          column.map((cluster, device) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a place of the map is its round and device
              key={`${round} ${device}`}
              x={round * cell.width}
              y={device * cell.height}
              width={cell.width - 1}
              height={cell.height - 1}
              fill={cluster === 'global' ? 'var(--silk)' : paletteColour(names.indexOf(cluster))}
            />
          )),
        )}
      </svg>
      <TableBehind
        title={words.lab.mapTable}
        columns={[words.lab.device, ...columns.map((_, round) => words.lab.inRound(round + 1))]}
        rows={() =>
          columns[0].map((_, device) => [
            `${device + 1}`,
            ...columns.map((column) =>
              column[device] === 'global' ? words.lab.everybody : `${names.indexOf(column[device]) + 1}`,
            ),
          ])
        }
      />
    </Panel>
  )
}
