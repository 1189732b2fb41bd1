/** The loss of the run: thin lines for each device's training, bold for the merged model, dashed for the yardsticks. */
import { Slider } from 'radix-ui'
import { type CSSProperties, useMemo, useState } from 'react'
import type { NodeState, RoundRecord } from '../../../node/state'
import { useDeviceColour } from '../../colours/devices'
import { decimal, lossIn } from '../../format'
import { useSlowState } from '../../node'
import { SwitchField } from '../../ui/controls/SwitchField'
import { TableBehind } from '../../ui/table/TableBehind'
import { useLanguage, useWords } from '../../words/words'
import { Chart } from '../Chart'
import { AxisSwitch, useAxisText } from './AxisSwitch'
import styles from './LossChart.module.css'
import { type Axis, alignLines, brokenAt, localTrace, recordTrace, smoothed } from './lossLines'

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

  const trainers = run.devices.filter(({ key }) => (run.lossPoints[key]?.length ?? 0) > 0)
  const names = useMemo(
    () => [
      { key: 'merged', label: words.loss.merged, colour: 'var(--sun)', look: styles.bold },
      { key: 'alone', label: words.loss.alone, colour: 'var(--ink-soft)', look: styles.dashed },
      { key: 'base', label: words.loss.base, colour: 'var(--ink-faint)', look: styles.dotted },
      ...trainers.map((device) => ({
        key: device.key,
        label: words.loss.local(device.name),
        colour: colourOf(device.key),
        look: '',
      })),
    ],
    [words, trainers, colourOf],
  )
  const { x, lines, broken } = useMemo(() => {
    const shown = names.filter(({ key }) => !hidden.has(key))
    const recorded = (of: (record: RoundRecord) => number | null) =>
      recordTrace(run.history, axis, of, run.baseLoss)
    const planned = shown.flatMap(({ key, label, colour }) => {
      const line = { key, label, colour, width: 1.5 }
      if (key === 'merged')
        return [{ ...line, width: 3.5, points: true, trace: recorded((one) => one.heldOut) }]
      if (key === 'alone') return [{ ...line, width: 2, dash: [7, 5], trace: recorded((one) => one.alone) }]
      if (key === 'base') return [{ ...line, dash: [2, 5], trace: recorded(() => run.baseLoss) }]
      const raw = localTrace(run.lossPoints[key] ?? [], axis, run.history)
      if (weight === 0) return [{ ...line, trace: raw }]
      return [
        { ...line, key: `${key} raw`, width: 1, ghost: true, trace: raw },
        { ...line, trace: smoothed(raw, weight) },
      ]
    })
    return {
      ...alignLines(planned),
      broken: planned
        .filter(({ key }) => weight === 0 || key.endsWith(' raw'))
        .flatMap(({ trace }) => brokenAt(trace)),
    }
  }, [names, hidden, run, axis, weight])

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
          yTick={(value) => decimal(value, value < 1 && log ? 2 : 1, language)}
          xWhole={axis === 'rounds'}
          sync={axis === 'rounds' ? 'rounds' : undefined}
        />
      ) : (
        <p className={styles.empty}>{words.loss.empty}</p>
      )}
      {x.length > 0 && (
        <fieldset className={styles.legend}>
          <legend className="visually-hidden">{words.loss.legend}</legend>
          {names.map(({ key, label, colour, look }) => (
            <button
              key={key}
              type="button"
              aria-pressed={!hidden.has(key)}
              style={{ '--line-colour': colour } as CSSProperties}
              onClick={() => toggle(key)}
            >
              <i className={look} />
              {label}
            </button>
          ))}
        </fieldset>
      )}
      {broken.length > 0 && <p className={styles.broken}>× {words.loss.broken(broken.length)}</p>}
      {controls && run.history.length > 0 && (
        <TableBehind
          title={words.loss.table}
          columns={[
            words.loss.round,
            words.loss.merged,
            words.loss.alone,
            ...trainers.map(({ name }) => name),
          ]}
          grows
          rows={() =>
            run.history.map((record) => [
              String(record.round),
              lossIn(record.heldOut, language),
              lossIn(record.alone, language),
              ...trainers.map(({ key }) => lossIn(record.trainByDevice[key] ?? null, language)),
            ])
          }
        />
      )}
    </div>
  )
}
