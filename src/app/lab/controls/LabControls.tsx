/** Everything that makes an experiment, and the button that runs it: what one looks at first in sight, the rest by theme. */
import { controlNames, controls } from '../../../lab/controls/controls'
import { Button } from '../../ui/controls/Button'
import { ChoiceField } from '../../ui/controls/Field'
import { SwitchField } from '../../ui/controls/SwitchField'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import { labModels, withOwn } from '../labSettings'
import { choiceName } from '../names'
import { clearRuns, isRunning, startRun, stopRun, useRuns } from '../runs'
import { ControlField, type ControlsProps, TypedField } from './ControlField'
import styles from './LabControls.module.css'
import { Themes } from './Themes'

const inSight = controlNames.filter((name) => controls[name].theme === 'experiment')
const chosen = inSight.filter((name) => controls[name].options)
const typed = inSight.filter((name) => !controls[name].options)

export function LabControls({ settings, onChange }: ControlsProps) {
  const words = useWords()
  const running = useRuns(isRunning)
  const any = useRuns(({ runs }) => runs.length > 0)
  return (
    <Panel
      title={words.lab.setup}
      lead={words.lab.setupLead}
      className={styles.controls}
      aside={
        running ? (
          <Button look="danger" onClick={stopRun}>
            {words.lab.stop}
          </Button>
        ) : (
          <Button look="primary" onClick={() => void startRun(settings)}>
            {words.lab.run}
          </Button>
        )
      }
    >
      <div className={styles.grid}>
        {chosen.map((name) => (
          <ControlField key={name} name={name} settings={settings} onChange={onChange} />
        ))}
        <ChoiceField
          label={words.lab.model}
          value={settings.model}
          options={labModels.map((value) => ({ value, label: choiceName(words, 'model', value) }))}
          onChange={(value) => onChange(withOwn(settings, 'model', value) ?? settings)}
        />
        {typed.map((name) => (
          <ControlField
            key={`${settings.question} ${name}`}
            name={name}
            settings={settings}
            onChange={onChange}
          />
        ))}
        <TypedField
          key={`${settings.question} seeds`}
          label={words.lab.seeds}
          hint={words.lab.seedsHint}
          value={settings.seeds}
          read={(typed) => withOwn(settings, 'seeds', typed)}
          writtenIn={({ seeds }) => seeds}
          onChange={onChange}
        />
      </div>
      <div className={styles.actions}>
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
      <Themes settings={settings} onChange={onChange} />
    </Panel>
  )
}

/** Told to screen readers too, round by round. */
function Progress() {
  const words = useWords()
  const run = useRuns(({ runs }) => runs.find(({ state }) => state.kind === 'running'))
  const curve = run?.curves.at(-1)
  const point = curve?.points.at(-1)
  if (!run || !curve) return null
  const { scheme, rounds } = run.settings.preset.config
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
