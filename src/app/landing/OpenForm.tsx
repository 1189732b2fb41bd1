/** Opening a federation: what to learn, with which model, and behind a fold everything else. */
import { type FormEvent, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { shippedModels } from '../../node/browser/models'
import { settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { whyNotSeen } from '../../settings/text'
import { AnotherModel, isAnotherModel } from '../models/AnotherModel'
import { ParameterFields } from '../parameters/ParameterFields'
import { Button } from '../ui/controls/Button'
import { Fold } from '../ui/Fold'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './OpenForm.module.css'
import { openingSettings, type PresetName, presetNames, settingsOf } from './presets'

const isShipped = (model: string): boolean => shippedModels.some((name) => name === model)

/** Of presets that were made for our small models: larger ones learn at a lower rate, and from fewer rows at a time. */
const forAnother = { lr: 1e-3, batch: 4 } as const

export function OpenForm({ className }: { readonly className?: string }) {
  const words = useWords()
  const [settings, setSettings] = useState<Settings>(() => openingSettings(new URL(location.href)))
  const change = (part: Partial<Settings>) => setSettings({ ...settings, ...part })
  const another = !isShipped(settings.model)
  const [tried, setTried] = useState(false)
  const choosePreset = (name: PresetName) =>
    setSettings({ ...settingsOf(name), ...(another && { ...forAnother, model: settings.model }) })
  const chooseShipped = (model: string) => {
    const { lr, batch } = settings.preset ? settingsOf(settings.preset) : settings
    const corpus = whyNotSeen({ ...settings, model }) === null ? settings.corpus : null
    change(another ? { model, corpus, lr, batch } : { model, corpus })
  }
  const which = useRef<HTMLDivElement>(null)
  /** What is asked then stands below, where the button that is always in sight would lie upon it. */
  const chooseAnother = () => {
    flushSync(() => change({ model: '', ...forAnother }))
    which.current?.scrollIntoView({ block: 'nearest' })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (another && !isAnotherModel(settings.model)) return
    // What language this tab speaks it knows; a choice made here meanwhile stands above the address.
    location.assign(`/?${settingsToSearch({ ...settings, lang: null })}`)
  }
  return (
    <Panel title={words.landing.open} lead={words.landing.openLead} className={className}>
      <form className={styles.form} onSubmit={submit}>
        <fieldset className={styles.cards}>
          <legend>{words.landing.preset}</legend>
          {presetNames.map((name) => (
            <Card
              key={name}
              group="preset"
              value={name}
              chosen={settings.preset === name}
              onChoose={() => choosePreset(name)}
              {...words.presets[name]}
            />
          ))}
        </fieldset>
        <fieldset className={styles.cards}>
          <legend>{words.landing.model}</legend>
          {shippedModels.map((name) => (
            <Card
              key={name}
              group="model"
              value={name}
              chosen={settings.model === name}
              onChoose={() => chooseShipped(name)}
              {...words.landing.models[name]}
            />
          ))}
          <Card
            group="model"
            value="another"
            chosen={another}
            onChoose={chooseAnother}
            {...words.landing.models.another}
          />
        </fieldset>
        {another && (
          <div ref={which} className={styles.another}>
            <AnotherModel model={settings.model} onChange={(model) => change({ model })} tried={tried} />
          </div>
        )}
        <Fold title={words.landing.advanced}>
          <p className={styles.advanced}>{words.parameters.lead}</p>
          <ParameterFields moment="opening" settings={settings} onChange={change} />
        </Fold>
        <div className={styles.foot}>
          <Button type="submit" look="primary" className={styles.go}>
            {words.landing.open}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

interface CardProps {
  readonly group: string
  readonly value: string
  readonly title: string
  readonly lead: string
  readonly chosen: boolean
  readonly onChoose: () => void
}

function Card({ group, value, title, lead, chosen, onChoose }: CardProps) {
  return (
    <label className={styles.card}>
      <input type="radio" name={group} value={value} checked={chosen} onChange={onChoose} />
      <span>
        <strong>{title}</strong>
        <small>{lead}</small>
      </span>
    </label>
  )
}
