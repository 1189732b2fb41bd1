/** The controls that are not in sight, by theme: one theme is open at a time, and each says how much in it was changed. */
import { useId, useState } from 'react'
import { controlNames, controls, type Theme, themes } from '../../../lab/controls/controls'
import { useWords } from '../../words/words'
import { changedControls, isMeant } from '../labSettings'
import { choiceName } from '../names'
import { ControlField, type ControlsProps } from './ControlField'
import styles from './LabControls.module.css'

export function Themes({ settings, onChange }: ControlsProps) {
  const words = useWords()
  const panel = useId()
  const [open, setOpen] = useState<Theme | null>(null)
  const meant = controlNames.filter((name) => isMeant(settings, name))
  const of = (theme: Theme) => meant.filter((name) => controls[name].theme === theme)
  const changed = changedControls(settings)
  const folded = themes.filter((theme) => theme !== 'experiment' && of(theme).length > 0)
  const shown = folded.find((theme) => theme === open)
  const titles: Record<Theme, string> = {
    ...words.lab.themes,
    scheme: choiceName(words, 'scheme', settings.preset.config.scheme),
  }
  return (
    <div className={styles.themes}>
      <div className={styles.titles}>
        {folded.map((theme) => {
          const count = of(theme).filter((name) => changed.includes(name)).length
          return (
            <button
              key={theme}
              type="button"
              aria-expanded={theme === shown}
              aria-controls={panel}
              onClick={() => setOpen(theme === shown ? null : theme)}
            >
              {titles[theme]}
              {count > 0 && <small>{words.lab.changed(count)}</small>}
            </button>
          )
        })}
      </div>
      <section
        id={panel}
        hidden={!shown}
        aria-label={shown && titles[shown]}
        className={`${styles.grid} ${styles.folded}`}
      >
        {shown &&
          of(shown).map((name) => (
            <ControlField
              key={`${settings.question} ${name}`}
              name={name}
              settings={settings}
              onChange={onChange}
            />
          ))}
      </section>
    </div>
  )
}
