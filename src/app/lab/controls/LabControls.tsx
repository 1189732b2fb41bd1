/** Everything that makes an experiment, and the button that runs it: what one looks at first in sight, the rest by theme. */
import { controlsOf, incompatibilityIn, type LabTable, labTable } from '../../../lab/controls'
import { SettingField } from '../../parameters/SettingField'
import { Button } from '../../ui/controls/Button'
import { SwitchField } from '../../ui/controls/SwitchField'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import { type LabSettings, pageRows } from '../labSettings'
import { progressOf } from '../progress'
import { clearRuns, isRunning, startRuns, stopRun, useRuns } from '../runs'
import { ControlField, type ControlsProps } from './ControlField'
import styles from './LabControls.module.css'
import { Themes } from './Themes'

export function LabControls({
  settings,
  onChange,
  rows = labTable,
}: ControlsProps & { readonly rows?: LabTable }) {
  const words = useWords()
  const inSight = controlsOf(rows).filter(({ theme }) => theme === 'experiment')
  const isChosen = ({ setting }: (typeof inSight)[number]) => setting.kind.shape.kind === 'choice'
  const wrong = incompatibilityIn(settings.preset)
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
          <Button look="primary" disabled={wrong !== null} onClick={() => void startRuns(settings)}>
            {words.lab.run}
          </Button>
        )
      }
    >
      <div className={styles.grid}>
        {inSight.filter(isChosen).map((control) => (
          <ControlField key={control.name} control={control} settings={settings} onChange={onChange} />
        ))}
        <SettingField<LabSettings['model']>
          name="model"
          label={words.lab.model}
          kind={pageRows.model.kind}
          value={settings.model}
          onChange={(model) => onChange({ ...settings, model })}
        />
        {inSight
          .filter((control) => !isChosen(control))
          .map((control) => (
            <ControlField
              key={`${settings.question} ${control.name}`}
              control={control}
              settings={settings}
              onChange={onChange}
            />
          ))}
        <SettingField
          key={`${settings.question} seeds`}
          name="seeds"
          label={words.lab.seeds}
          hint={words.lab.seedsHint}
          kind={pageRows.seeds.kind}
          value={settings.seeds}
          onChange={(seeds) => onChange({ ...settings, seeds })}
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
      {wrong !== null && (
        <p role="alert" className={styles.wrong}>
          {words.said(wrong)}
        </p>
      )}
      <Themes settings={settings} onChange={onChange} rows={rows} />
    </Panel>
  )
}

/** Told to screen readers too, round by round. */
function Progress() {
  const words = useWords()
  const run = useRuns(({ runs }) => runs.find(({ state }) => state.kind === 'running'))
  const curve = run?.curves.at(-1)
  if (!run || !curve) return null
  return (
    <p role="status" className={styles.progress}>
      {progressOf(words, curve, run.settings.preset.settings.rounds)}
    </p>
  )
}
