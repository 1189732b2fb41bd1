/**
 * The runs of one question on one chart: loss by rounds, by virtual time, or by bytes, whichever answers it. Those of other questions
 * are put away meanwhile. On the screen, as a table, or as a figure to keep.
 */

import { useMemo, useRef, useState } from 'react'
import { lessons } from '../../../lab/lessons'
import type { LabPresetName } from '../../../lab/presets'
import { Chart } from '../../charts/drawing/Chart'
import type { ChartLine } from '../../charts/drawing/chartProps'
import { stepsOf } from '../../charts/drawing/ticks'
import { AxisSwitch, useAxisText } from '../../charts/loss/AxisSwitch'
import { type Axis, alignLines } from '../../charts/loss/lossLines'
import { resolveColours } from '../../colours/resolve'
import { decimal, lossIn } from '../../format'
import { Button } from '../../ui/controls/Button'
import { Panel } from '../../ui/page/Panel'
import { TableBehind } from '../../ui/table/TableBehind'
import { useLanguage, useWords } from '../../words/words'
import { useRuns } from '../runs'
import { figureSvg } from '../saving/figure'
import { saveFile } from '../saving/files'
import { pngOf } from '../saving/png'
import { linesOf } from './curves'
import styles from './figures.module.css'
import { RunsLegend } from './RunsLegend'
import { VerdictLine } from './VerdictLine'

export function RunsChart({ question }: { readonly question: LabPresetName }) {
  const words = useWords()
  const language = useLanguage()
  const all = useRuns((state) => state.runs)
  const runs = useMemo(() => all.filter(({ settings }) => settings.question === question), [all, question])
  const [axis, setAxis] = useState<Axis>(lessons[question].axis)
  const xText = useAxisText(axis)
  const paper = useRef<HTMLDivElement>(null)
  const { x, lines } = useMemo(
    () => alignLines(runs.flatMap((run) => linesOf(words, run, axis))),
    [runs, axis, words],
  )
  const named = lines.filter(({ ghost }) => !ghost)
  const yText = (value: number) => lossIn(value, language)
  const yTick = (value: number, digits: number) => decimal(value, digits, language)
  const cell = ({ values, band }: ChartLine, at: number) => {
    const [value, low, high] = [values[at], band?.low[at] ?? null, band?.high[at] ?? null]
    if (value === null) return '–'
    const mean = yText(value)
    return low === null || high === null ? mean : words.lab.meanWithin(mean, yText(low), yText(high))
  }

  /** A figure lies on white, whatever the theme. */
  const figureOn = (page: HTMLElement) => {
    const colours = resolveColours(
      page,
      lines.map(({ colour }) => colour),
    )
    return figureSvg({
      x,
      lines: lines.map((line, at) => ({ ...line, colour: colours[at] })),
      xName: words.lab.axes[axis],
      yName: words.lab.loss,
      bandName: words.lab.band,
      xText,
      xSteps: stepsOf(axis),
      yTick,
    })
  }

  return (
    <Panel
      title={words.lab.loss}
      lead={words.lab.lossLead}
      aside={<AxisSwitch axis={axis} names={words.lab.axes} onChange={setAxis} />}
    >
      <VerdictLine question={question} />
      <div className={styles.chart}>
        {x.length > 0 ? (
          <Chart
            label={words.lab.picture}
            x={x}
            lines={lines}
            xText={xText}
            yText={yText}
            yTick={yTick}
            xWhole={axis === 'rounds'}
            xSteps={stepsOf(axis)}
          />
        ) : (
          <p className={styles.empty}>{words.lab.empty}</p>
        )}
      </div>
      {x.length > 0 && (
        <>
          <RunsLegend lines={named} />
          {all.length > runs.length && (
            <p className={styles.progress}>{words.lab.putAway(all.length - runs.length)}</p>
          )}
          <div className={styles.files}>
            <div ref={paper} className={styles.paper} />
            <Button
              look="quiet"
              onClick={() =>
                paper.current && saveFile('gossamer-lab.svg', 'image/svg+xml', figureOn(paper.current))
              }
            >
              {words.lab.saveFigure}
            </Button>
            <Button
              look="quiet"
              onClick={async () =>
                paper.current &&
                saveFile('gossamer-lab.png', 'image/png', await pngOf(figureOn(paper.current)))
              }
            >
              {words.lab.savePicture}
            </Button>
          </div>
          <TableBehind
            title={words.lab.lossTable}
            columns={[words.lab.axes[axis], ...named.map(({ label }) => label)]}
            rows={() => x.map((place, at) => [xText(place), ...named.map((line) => cell(line, at))])}
          />
        </>
      )}
    </Panel>
  )
}
