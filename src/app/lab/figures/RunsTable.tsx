/** What every run came to, in numbers; choosing one shows its terms and clusters. Saved, it can be drawn elsewhere. */
import type { CSSProperties } from 'react'
import type { LabPresetName } from '../../../lab/presets'
import { paletteColour } from '../../colours/palette'
import { change, decimal, percent } from '../../format'
import { Button } from '../../ui/controls/Button'
import { Panel } from '../../ui/page/Panel'
import { useLanguage, useWords } from '../../words/words'
import { runName } from '../names'
import { type LabRun, selectRun, useRuns } from '../runs'
import { runsAsCsv, runsAsJson, saveFile } from '../saving/files'
import { over } from './curves'
import styles from './figures.module.css'

const columns = [
  'loss',
  'base',
  'alone',
  'centralised',
  'general',
  'fired',
  'claimed',
  'shown',
  'time',
  'wan',
  'lan',
  'clusters',
] as const

/** `question`: the one that is asked now; runs of others step back. */
export function RunsTable({ question }: { readonly question: LabPresetName }) {
  const words = useWords()
  const language = useLanguage()
  const { runs, selected } = useRuns()
  if (runs.length === 0) return null
  const rare = {
    fired: (run: LabRun) => over(run, (outcome) => outcome.fired),
    claimed: (run: LabRun) => over(run, ({ privacy }) => privacy?.epsilon ?? null),
    shown: (run: LabRun) => over(run, ({ audit }) => audit?.epsilonAtLeast ?? null),
  }
  const isRare = (name: string): name is keyof typeof rare => Object.hasOwn(rare, name)
  const shown = columns.filter((name) => !isRare(name) || runs.some((run) => rare[name](run) !== null))

  const loss = (value: ReturnType<typeof over>): string => {
    if (!value) return '–'
    const mean = decimal(value.mean, 4, language)
    return value.deviation > 0 ? `${mean} ± ${decimal(value.deviation, 4, language)}` : mean
  }
  const cells = (run: LabRun): Record<(typeof columns)[number], string> => {
    const seconds = over(run, ({ virtualSeconds }) => virtualSeconds)
    const [wan, lan] = [over(run, ({ bytes }) => bytes.wan), over(run, ({ bytes }) => bytes.lan)]
    const lost = over(run, ({ general }) => general && general.merged / general.base - 1)
    const share = rare.fired(run)
    const epsilon = (value: ReturnType<typeof over>) => (value ? decimal(value.mean, 1, language) : '–')
    const found = run.curves.findLast(({ outcome }) => outcome?.clusters)?.outcome?.clusters
    return {
      loss: loss(over(run, (outcome) => outcome.loss)),
      base: loss(over(run, ({ yardsticks }) => yardsticks.base)),
      alone: loss(over(run, ({ yardsticks }) => yardsticks.alone)),
      centralised: loss(over(run, ({ yardsticks }) => yardsticks.centralised)),
      general: lost ? change(lost.mean, language) : '–',
      fired: share ? percent(share.mean, language) : '–',
      claimed: epsilon(rare.claimed(run)),
      shown: epsilon(rare.shown(run)),
      time: seconds ? words.duration(seconds.mean) : '–',
      wan: wan ? words.bytes(wan.mean) : '–',
      lan: lan ? words.bytes(lan.mean) : '–',
      clusters: found ? words.lab.clustersFound(found.count, found.ari) : '–',
    }
  }
  return (
    <Panel
      title={words.lab.runs}
      lead={words.lab.runsLead}
      aside={
        <div className={styles.files}>
          <Button
            look="quiet"
            onClick={() => saveFile('gossamer-lab.json', 'application/json', runsAsJson(runs))}
          >
            {words.lab.save}
          </Button>
          <Button look="quiet" onClick={() => saveFile('gossamer-lab.csv', 'text/csv', runsAsCsv(runs))}>
            {words.lab.saveTable}
          </Button>
        </div>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={styles.scroll} aria-label={words.lab.runsTable} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.lab.columns.run}</th>
              {shown.map((name) => (
                <th key={name} scope="col">
                  {words.lab.columns[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id} className={run.settings.question === question ? undefined : styles.away}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.name}
                    aria-pressed={run.id === selected}
                    style={{ '--line-colour': paletteColour(run.id) } as CSSProperties}
                    onClick={() => selectRun(run.id)}
                  >
                    <i />
                    {runName(words, run.settings)}
                  </button>
                  {run.state.kind === 'waiting' && <p className={styles.progress}>{words.lab.waiting}</p>}
                  {run.state.kind === 'stopped' && <p className={styles.progress}>{words.lab.stopped}</p>}
                  {run.state.kind === 'failed' && (
                    <p className={styles.problem}>{words.said(run.state.problem)}</p>
                  )}
                </th>
                {shown.map((name) => (
                  <td key={name}>{cells(run)[name]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}
