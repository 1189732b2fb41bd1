/** Everything that makes an experiment, and the button that runs it. */
import { useEffect, useState } from 'react'
import { labCorpora } from '../../lab/presets'
import { aggregationNames, compressionNames } from '../../node/settings'
import { Button } from '../ui/Button'
import { ChoiceField, TextField } from '../ui/Field'
import { Panel } from '../ui/Panel'
import { SwitchField } from '../ui/SwitchField'
import { useWords } from '../words/words'
import styles from './LabPage.module.css'
import { type LabSettings, labModels, labSchemes, readLabSetting } from './labSettings'
import { choiceName } from './names'
import { clearRuns, isRunning, startRun, stopRun, useRuns } from './runs'

interface Props {
  readonly settings: LabSettings
  readonly onChange: (settings: LabSettings) => void
}

const choices = {
  scheme: labSchemes,
  aggregation: aggregationNames,
  compression: compressionNames,
  corpus: labCorpora,
  model: labModels,
} as const
const choiceNames = ['scheme', 'aggregation', 'compression', 'corpus', 'model'] as const
const numberNames = ['devices', 'rounds', 'localSteps', 'batch', 'lr', 'seeds'] as const

export function LabControls({ settings, onChange }: Props) {
  const words = useWords()
  const running = useRuns(isRunning)
  const any = useRuns(({ runs }) => runs.length > 0)
  const labels = {
    ...words.parameters.names,
    model: words.lab.model,
    devices: words.lab.devices,
    seeds: words.lab.seeds,
  }
  return (
    <Panel title={words.lab.setup} lead={words.lab.setupLead} className={styles.controls}>
      <div className={styles.grid}>
        {choiceNames.map((name) => (
          <ChoiceField
            key={name}
            label={labels[name]}
            value={settings[name]}
            options={choices[name].map((value) => ({ value, label: choiceName(words, name, value) }))}
            onChange={(value) => onChange({ ...settings, ...readLabSetting(name, value) })}
          />
        ))}
        {numberNames.map((name) => (
          <TypedField
            key={`${name} ${settings.preset}`}
            name={name}
            label={labels[name]}
            hint={name === 'seeds' ? words.lab.seedsHint : undefined}
            settings={settings}
            onChange={onChange}
          />
        ))}
      </div>
      <div className={styles.actions}>
        {running ? (
          <Button look="danger" onClick={stopRun}>
            {words.lab.stop}
          </Button>
        ) : (
          <Button look="primary" onClick={() => void startRun(settings)}>
            {words.lab.run}
          </Button>
        )}
        <SwitchField
          label={words.lab.baselines}
          checked={settings.baselines === 'on'}
          onChange={(on) => onChange({ ...settings, baselines: on ? 'on' : 'off' })}
        />
        {any && !running && (
          <Button look="quiet" onClick={clearRuns}>
            {words.lab.clear}
          </Button>
        )}
        <Progress />
      </div>
    </Panel>
  )
}

interface TypedProps extends Props {
  readonly name: (typeof numberNames)[number]
  readonly label: string
  readonly hint?: string
}

/** Keeps what is typed while it cannot be used; passes on only what can. */
function TypedField({ name, label, hint, settings, onChange }: TypedProps) {
  const words = useWords()
  const value = String(settings[name])
  const [typed, setTyped] = useState(value)
  // A comma is a decimal point to half of Europe, and stands between seeds.
  const read = (text: string) =>
    readLabSetting(name, name === 'seeds' ? text.replace(/\s/g, '') : text.replace(',', '.'))
  useEffect(() => setTyped(value), [value])
  return (
    <TextField
      label={label}
      value={typed}
      hint={hint}
      inputMode={name === 'lr' ? 'decimal' : name === 'seeds' ? 'text' : 'numeric'}
      error={read(typed) ? null : words.lab.unusable}
      onChange={(next) => {
        setTyped(next)
        const change = read(next)
        if (change) onChange({ ...settings, ...change })
      }}
    />
  )
}

/** Told to screen readers too, round by round. */
function Progress() {
  const words = useWords()
  const run = useRuns(({ runs }) => runs.find(({ state }) => state.kind === 'running'))
  const curve = run?.curves.at(-1)
  const point = curve?.points.at(-1)
  if (!run || !curve) return null
  const { scheme, rounds } = run.settings
  const isFree = scheme === 'asynchronous' || scheme === 'gossip'
  const text = !point
    ? words.lab.preparing(curve.seed)
    : isFree
      ? words.lab.runningFree(curve.seed, point.version)
      : words.lab.running(curve.seed, point.round, rounds)
  return (
    <p role="status" className={styles.progress}>
      {text}
    </p>
  )
}
