/** All runs on one chart: loss by rounds, by virtual time, or by bytes. On the screen, as a table, or as a figure to keep. */
import { ToggleGroup } from 'radix-ui'
import { useMemo, useRef, useState } from 'react'
import { Chart, type ChartLine } from '../charts/Chart'
import { align } from '../charts/lossLines'
import { resolveColours } from '../colours'
import { compact, decimal, lossIn } from '../format'
import { Button } from '../ui/Button'
import { Panel } from '../ui/Panel'
import { TableBehind } from '../ui/TableBehind'
import { useLanguage, useWords } from '../words/words'
import { axes, type LabAxis, meanTrace, over, runColour, traceOf } from './curves'
import styles from './LabPage.module.css'
import { runName } from './names'
import { useRuns } from './runs'
import { figureSvg } from './saving/figure'
import { saveFile } from './saving/files'

export function RunsChart() {
  const words = useWords()
  const language = useLanguage()
  const runs = useRuns((state) => state.runs)
  const [axis, setAxis] = useState<LabAxis>('rounds')
  const paper = useRef<HTMLDivElement>(null)

  const { x, lines } = useMemo(() => {
    const planned = runs.flatMap((run) => {
      const name = runName(words, run.settings)
      const colour = runColour(run.id)
      const mean = meanTrace(run.curves, axis)
      const single =
        run.curves.length < 2
          ? []
          : run.curves.map((curve) => ({
              ...{ key: `${run.id} seed ${curve.seed}`, label: name, colour, width: 1, ghost: true },
              trace: traceOf(curve, axis),
            }))
      const ends = [mean.x[0] ?? 0, mean.x.at(-1) ?? 0]
      const yardsticks = (['base', 'alone', 'centralised'] as const).flatMap((which, at) => {
        const value = over(run, ({ yardsticks }) => yardsticks[which])
        if (!value || mean.x.length === 0 || (which === 'base' && run.settings.baselines === 'off')) return []
        const label = words.lab.yardstick(words.lab[which], name)
        const dash = [
          [2, 5],
          [7, 5],
          [12, 4],
        ][at]
        const trace = { x: ends, y: [value.mean, value.mean] }
        return [{ key: `${run.id} ${which}`, label, colour, width: 1.5, dash, trace }]
      })
      const bold = {
        key: `${run.id}`,
        label: name,
        colour,
        width: 3,
        points: mean.x.length < 30,
        trace: mean,
      }
      return [...single, ...yardsticks, bold]
    })
    const aligned = align(planned.map(({ trace }) => trace))
    return {
      x: aligned.x,
      lines: planned.map(
        ({ trace: _, ...line }, index): ChartLine => ({ ...line, values: aligned.values[index] }),
      ),
    }
  }, [runs, axis, words])

  const xText = (value: number) => {
    if (axis === 'bytes') return words.bytes(value)
    return axis === 'seconds' ? words.duration(value) : compact(value, language)
  }
  const yText = (value: number) => lossIn(value, language)
  const yTick = (value: number) => decimal(value, 2, language)

  /** A figure lies on white, whatever the theme. */
  const saveFigure = (page: HTMLElement) => {
    const colours = resolveColours(
      page,
      lines.map(({ colour }) => colour),
    )
    const figure = figureSvg({
      ...{ x, lines: lines.map((line, at) => ({ ...line, colour: colours[at] })) },
      ...{ xName: words.lab.axes[axis], yName: words.lab.loss, xText, yText: yTick },
    })
    saveFile('gossamer-lab.svg', 'image/svg+xml', figure)
  }
  const named = lines.filter(({ ghost }) => !ghost)

  return (
    <Panel
      title={words.lab.loss}
      lead={words.lab.lossLead}
      aside={
        <ToggleGroup.Root
          type="single"
          value={axis}
          aria-label={words.lab.axis}
          className={styles.axes}
          onValueChange={(value) => value && setAxis(value as LabAxis)}
        >
          {axes.map((name) => (
            <ToggleGroup.Item key={name} value={name}>
              {words.lab.axes[name]}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      }
    >
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
          />
        ) : (
          <p className={styles.empty}>{words.lab.empty}</p>
        )}
      </div>
      {x.length > 0 && (
        <>
          <div className={styles.files}>
            <div ref={paper} className={styles.paper} />
            <Button look="quiet" onClick={() => paper.current && saveFigure(paper.current)}>
              {words.lab.saveFigure}
            </Button>
          </div>
          <TableBehind
            title={words.lab.lossTable}
            columns={[words.lab.axes[axis], ...named.map(({ label }) => label)]}
            rows={x.map((place, at) => [
              xText(place),
              ...named.map(({ values }) => {
                const value = values[at]
                return value === null ? '–' : yText(value)
              }),
            ])}
          />
        </>
      )}
    </Panel>
  )
}
