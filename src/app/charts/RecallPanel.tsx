/** The demo's moment: how many facts of *other* tabs are known, together, alone and before. */
import { type CSSProperties, useMemo } from 'react'
import { compact } from '../format'
import { useSlowState } from '../node'
import { Panel } from '../ui/page/Panel'
import { TableBehind } from '../ui/table/TableBehind'
import { useLanguage, useWords } from '../words/words'
import { Chart } from './drawing/Chart'
import type { ChartLine } from './drawing/chartProps'
import styles from './RecallPanel.module.css'
import { shownRecalls } from './recalls'

export function RecallPanel({ className }: { readonly className?: string }) {
  const words = useWords()
  const language = useLanguage()
  const { history, baseRecall } = useSlowState((state) => ({
    history: state.history,
    baseRecall: state.baseRecall,
  }))
  const measured = useMemo(
    () => history.flatMap(({ round, recall }) => (recall ? [{ round, recall }] : [])),
    [history],
  )
  const latest = measured.at(-1)?.recall
  const lines = useMemo((): ChartLine[] => {
    const from = (value: number | null) => (baseRecall === null ? [] : [value])
    const line = (key: 'merged' | 'alone' | 'unseen', look: Omit<ChartLine, 'key' | 'label' | 'values'>) => ({
      ...look,
      key,
      label: words.recall[key],
      values: [...from(baseRecall), ...measured.map(({ recall }) => recall[key])],
    })
    const all = [
      line('unseen', { colour: 'var(--sun)', width: 1.5, dash: [3, 4] }),
      line('alone', { colour: 'var(--ink-soft)', width: 2, dash: [7, 5] }),
      line('merged', { colour: 'var(--sun)', width: 3.5, points: true }),
    ]
    const shown: readonly string[] = shownRecalls(measured.map(({ recall }) => recall))
    return all.filter(({ key }) => shown.includes(key))
  }, [measured, baseRecall, words])

  if (!latest)
    return (
      <Panel title={words.recall.title} lead={words.recall.lead} tour="recall" className={className}>
        <p className={styles.waiting}>{words.recall.waiting}</p>
      </Panel>
    )
  const bars = shownRecalls(measured.map(({ recall }) => recall))
  const percent = (share: number | null) => (share === null ? words.recall.unmeasured : words.percent(share))
  return (
    <Panel title={words.recall.title} lead={words.recall.lead} tour="recall" className={className}>
      <div className={styles.panel}>
        <div className={styles.body}>
          <p className={styles.big}>
            {words.percent(latest.merged)}
            <span>{words.recall.merged}</span>
          </p>
          <dl className={styles.bars}>
            {bars.map((key) => (
              <div key={key} className={styles[key]} style={{ '--share': latest[key] ?? 0 } as CSSProperties}>
                <dt>{words.recall[key]}</dt>
                <dd>{percent(latest[key])}</dd>
              </div>
            ))}
          </dl>
          <div className={styles.chart}>
            <Chart
              label={words.recall.picture}
              x={[...(baseRecall === null ? [] : [0]), ...measured.map(({ round }) => round)]}
              lines={lines}
              yAtLeast={[0, 1]}
              xWhole
              sync="rounds"
              xText={(value) => compact(value, language)}
              yText={words.percent}
              yTick={words.percent}
            />
          </div>
        </div>
      </div>
      <TableBehind
        title={words.recall.table}
        columns={[words.loss.round, ...bars.map((key) => words.recall[key])]}
        grows
        rows={() =>
          measured.map(({ round, recall }) => [String(round), ...bars.map((key) => percent(recall[key]))])
        }
      />
    </Panel>
  )
}
