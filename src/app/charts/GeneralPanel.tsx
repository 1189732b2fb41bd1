/**
 * What the model still knows of the world that it comes from: a curve of private facts can look perfect while the model
 * forgets how to speak. Shown as how much worse it has become at text that has nothing to do with what was learned.
 */
import { useMemo } from 'react'
import { compact, decimal, lossIn } from '../format'
import { useSlowState } from '../node'
import { Panel } from '../ui/page/Panel'
import { TableBehind } from '../ui/table/TableBehind'
import { useLanguage, useWords } from '../words/words'
import { Chart } from './drawing/Chart'
import type { ChartLine } from './drawing/chartProps'
import styles from './GeneralPanel.module.css'

/** Up to here, as a share of the base's loss, nobody would notice; from there on sentences break. */
const [little, much] = [0.03, 0.15]

export function GeneralPanel({ className }: { readonly className?: string }) {
  const words = useWords()
  const language = useLanguage()
  const history = useSlowState((state) => state.history)
  const measured = useMemo(
    () => history.flatMap(({ round, general }) => (general ? [{ round, ...general }] : [])),
    [history],
  )
  const lines = useMemo(
    (): ChartLine[] => [
      {
        key: 'base',
        label: words.general.base,
        colour: 'var(--ink-soft)',
        width: 2,
        dash: [7, 5],
        values: [measured[0]?.base ?? null, ...measured.map(({ base }) => base)],
      },
      {
        key: 'merged',
        label: words.general.merged,
        colour: 'var(--sun)',
        width: 3,
        points: true,
        values: [measured[0]?.base ?? null, ...measured.map(({ merged }) => merged)],
      },
    ],
    [measured, words],
  )
  const latest = measured.at(-1)
  if (!latest) return null
  const lost = latest.merged / latest.base - 1
  const verdict = lost <= little ? 'keeps' : lost <= much ? 'fades' : 'forgets'
  return (
    <Panel title={words.general.title} lead={words.general.lead} className={className}>
      <div className={styles.body}>
        <p className={`${styles.verdict} ${styles[verdict]}`}>
          <strong>{words.general.change(lost)}</strong>
          {words.general[verdict]}
        </p>
        <div className={styles.chart}>
          <Chart
            label={words.general.picture}
            x={[0, ...measured.map(({ round }) => round)]}
            lines={lines}
            // From what was known to where sentences break: a little forgotten does not look like much.
            yAtLeast={[latest.base, (1 + much) * latest.base]}
            xWhole
            sync="rounds"
            xText={(value) => compact(value, language)}
            yText={(value) => lossIn(value, language)}
            yTick={(value, digits) => decimal(value, digits, language)}
          />
        </div>
      </div>
      <TableBehind
        title={words.general.table}
        columns={[words.loss.round, words.general.merged, words.general.base]}
        grows
        rows={() =>
          measured.map(({ round, merged, base }) => [
            String(round),
            lossIn(merged, language),
            lossIn(base, language),
          ])
        }
      />
    </Panel>
  )
}
