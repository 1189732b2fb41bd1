/** The loss of the run: thin lines for each device's training, bold for the merged model, dashed for the yardsticks. */
import { Slider } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { NodeState } from '../../../node/state'
import { useDeviceColour } from '../../colours/devices'
import { decimal, lossIn } from '../../format'
import { useSlowState } from '../../node'
import { SwitchField } from '../../ui/controls/SwitchField'
import { TableBehind } from '../../ui/table/TableBehind'
import { useLanguage, useWords } from '../../words/words'
import { Chart } from '../drawing/Chart'
import { stepsOf } from '../drawing/ticks'
import { AxisSwitch, useAxisText } from './AxisSwitch'
import styles from './LossChart.module.css'
import { LossLegend, mostNamed } from './LossLegend'
import { type Axis, alignLines } from './lossLines'
import { plannedLines } from './plannedLines'

const runOf = ({ history, lossPoints, devices, baseLoss }: NodeState) => ({
  history,
  lossPoints,
  devices,
  baseLoss,
})

function Smoothing({
  weight,
  onChange,
}: {
  readonly weight: number
  readonly onChange: (weight: number) => void
}) {
  const words = useWords()
  const language = useLanguage()
  return (
    <div className={styles.smoothing}>
      <span aria-hidden="true">{words.loss.smoothing}</span>
      <Slider.Root
        value={[weight]}
        min={0}
        max={0.99}
        step={0.01}
        className={styles.slider}
        onValueChange={([value]) => onChange(value)}
      >
        <Slider.Track className={styles.track}>
          <Slider.Range className={styles.range} />
        </Slider.Track>
        <Slider.Thumb className={styles.thumb} aria-label={words.loss.smoothing} />
      </Slider.Root>
      <output>{decimal(weight, 2, language)}</output>
    </div>
  )
}

export function LossChart({ controls = true }: { readonly controls?: boolean }) {
  const words = useWords()
  const language = useLanguage()
  const colourOf = useDeviceColour()
  const run = useSlowState(runOf)
  const [axis, setAxis] = useState<Axis>('rounds')
  const xText = useAxisText(axis)
  const [log, setLog] = useState(false)
  const [weight, setWeight] = useState(0.6)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())

  const most = controls ? mostNamed.page : mostNamed.pane
  const [picked, setPicked] = useState<string | null>(null)

  /** What nobody trains for comparison has no line, and no name that waits for one. */
  const trainsAlone = useSlowState(
    ({ settings, history }) => settings.baselines || history.some(({ alone }) => alone !== null),
  )
  const trainers = run.devices.filter(({ key }) => (run.lossPoints[key]?.length ?? 0) > 0)
  const yardsticks = useMemo(
    () => [
      { key: 'merged', label: words.loss.merged, colour: 'var(--sun)', look: styles.bold },
      ...(trainsAlone
        ? [{ key: 'alone', label: words.loss.alone, colour: 'var(--ink-soft)', look: styles.dashed }]
        : []),
      { key: 'base', label: words.loss.base, colour: 'var(--ink-faint)', look: styles.dotted },
    ],
    [words, trainsAlone],
  )
  const devices = useMemo(
    () =>
      trainers.map(({ key, name }) => ({
        key,
        label: words.loss.local(name),
        colour: colourOf(key),
        look: '',
      })),
    [words, trainers, colourOf],
  )
  const { x, lines, broken } = useMemo(() => {
    const crowd = words.loss.everybody(devices.length)
    const planned = plannedLines(run, { yardsticks, devices, hidden, picked, axis, weight, most, crowd })
    return { ...alignLines(planned.lines), broken: planned.broken }
  }, [words, yardsticks, devices, hidden, picked, run, axis, weight, most])

  const toggle = (key: string) => {
    const next = new Set(hidden)
    if (!next.delete(key)) next.add(key)
    setHidden(next)
  }

  return (
    <div className={styles.figure}>
      {controls && (
        <div className={styles.controls}>
          <AxisSwitch axis={axis} names={words.loss.axes} onChange={setAxis} />
          <SwitchField label={words.loss.log} checked={log} onChange={setLog} />
          <Smoothing weight={weight} onChange={setWeight} />
        </div>
      )}
      {x.length > 0 ? (
        <Chart
          label={words.loss.picture}
          x={x}
          lines={lines}
          broken={broken}
          log={log}
          xText={xText}
          yText={(value) => lossIn(value, language)}
          yTick={(value, digits) => decimal(value, digits, language)}
          xWhole={axis === 'rounds'}
          xSteps={stepsOf(axis)}
          sync={axis === 'rounds' ? 'rounds' : undefined}
        />
      ) : (
        <p className={styles.empty}>{words.loss.empty}</p>
      )}
      {x.length > 0 && (
        <LossLegend
          yardsticks={yardsticks}
          devices={devices}
          hidden={hidden}
          picked={picked}
          most={most}
          onToggle={toggle}
          onPick={setPicked}
        />
      )}
      {broken.length > 0 && <p className={styles.broken}>× {words.loss.broken(broken.length)}</p>}
      {controls && run.history.length > 0 && (
        <TableBehind
          title={words.loss.table}
          columns={[
            words.loss.round,
            words.loss.merged,
            ...(trainsAlone ? [words.loss.alone] : []),
            ...trainers.map(({ name }) => name),
          ]}
          grows
          rows={() =>
            run.history.map((record) => [
              String(record.round),
              lossIn(record.heldOut, language),
              ...(trainsAlone ? [lossIn(record.alone, language)] : []),
              ...trainers.map(({ key }) => lossIn(record.trainByDevice[key] ?? null, language)),
            ])
          }
        />
      )}
    </div>
  )
}
