/** All runs on one chart: loss by rounds, by virtual time, or by bytes. */
import { ToggleGroup } from 'radix-ui'
import { useMemo, useState } from 'react'
import { Chart, type ChartLine } from '../charts/Chart'
import { align } from '../charts/lossLines'
import { compact, decimal, lossIn } from '../format'
import { Panel } from '../ui/Panel'
import { useLanguage, useWords } from '../words/words'
import { axes, type LabAxis, meanTrace, over, runColour, traceOf } from './curves'
import styles from './LabPage.module.css'
import { runName } from './names'
import { useRuns } from './runs'

export function RunsChart() {
  const words = useWords()
  const language = useLanguage()
  const runs = useRuns((state) => state.runs)
  const [axis, setAxis] = useState<LabAxis>('rounds')

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
            yText={(value) => lossIn(value, language)}
            yTick={(value) => decimal(value, 2, language)}
            xWhole={axis === 'rounds'}
          />
        ) : (
          <p className={styles.empty}>{words.lab.empty}</p>
        )}
      </div>
    </Panel>
  )
}
