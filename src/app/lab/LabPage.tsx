/** The Lab: a question, an experiment, its curves beside those of the others, and what theory looks at. */
import { useEffect, useState } from 'react'
import { labPresetNames } from '../../lab/presets'
import { problemIn } from '../parameters/names'
import { PageHead } from '../ui/page/PageHead'
import { useWords } from '../words/words'
import { LabControls } from './controls/LabControls'
import { BytesBars } from './figures/BytesBars'
import { ClusterMap } from './figures/ClusterMap'
import { GivenTable } from './figures/GivenTable'
import { RunsChart } from './figures/RunsChart'
import { RunsTable } from './figures/RunsTable'
import { TermsPanel } from './figures/TermsPanel'
import styles from './LabPage.module.css'
import { type LabSettings, labSearch, presetSettings, readLabSettings } from './labSettings'
import { selectQuestion } from './runs'

export function LabPage() {
  const words = useWords()
  const [opened] = useState(() => readLabSettings(new URLSearchParams(location.search)))
  const [settings, setSettings] = useState<LabSettings>(opened.settings)
  useEffect(() => {
    const language = new URLSearchParams(location.search).get('lang')
    const search = labSearch(settings) + (language ? `&lang=${language}` : '')
    history.replaceState(null, '', `/?${search}`)
  }, [settings])
  return (
    <>
      <PageHead />
      <main id="content" tabIndex={-1} className={styles.page}>
        <div className={styles.intro}>
          <h1>{words.lab.title}</h1>
          <p className={styles.lead}>
            {words.lab.lead} <a href="/?view=attacks">{words.attacks.link}</a>
          </p>
        </div>
        {opened.problems.length > 0 && (
          <ul role="alert" className={styles.problems}>
            {opened.problems.map((problem) => (
              <li key={problem.name}>{problemIn(words, problem)}</li>
            ))}
          </ul>
        )}
        <fieldset className={styles.presets}>
          <legend className="visually-hidden">{words.lab.questions}</legend>
          {labPresetNames.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={settings.question === name}
              onClick={() => {
                setSettings({ ...presetSettings(name), model: settings.model })
                selectQuestion(name)
              }}
            >
              <strong>{words.lab.presets[name].name}</strong>
              <small>{words.lab.presets[name].question}</small>
            </button>
          ))}
        </fieldset>
        <div className={styles.controls}>
          <LabControls settings={settings} onChange={setSettings} />
        </div>
        <RunsChart key={settings.question} question={settings.question} />
        <TermsPanel />
        <div className={styles.wide}>
          <RunsTable question={settings.question} />
        </div>
        <div className={styles.rest}>
          <BytesBars />
          <ClusterMap />
          <GivenTable />
        </div>
      </main>
    </>
  )
}
