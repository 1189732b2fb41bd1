/** The controls that are not in sight, by theme: one theme is open at a time, and each says how much in it was changed. */
import { useId, useState } from 'react'
import { controlsOf, type LabTable, labTable } from '../../../lab/controls'
import { type LabTheme, labThemes } from '../../../settings/setting'
import { choiceName } from '../../parameters/names'
import { useWords } from '../../words/words'
import { changedControls, isMeant } from '../labSettings'
import { ControlField, type ControlsProps } from './ControlField'
import styles from './LabControls.module.css'

export function Themes({
  settings,
  onChange,
  rows = labTable,
}: ControlsProps & { readonly rows?: LabTable }) {
  const words = useWords()
  const panel = useId()
  const [open, setOpen] = useState<LabTheme | null>(null)
  const meant = controlsOf(rows).filter((control) => isMeant(settings, control))
  const of = (theme: LabTheme) => meant.filter((control) => control.theme === theme)
  const changed = changedControls(settings, rows)
  const folded = labThemes.filter((theme) => theme !== 'experiment' && of(theme).length > 0)
  const shown = folded.find((theme) => theme === open)
  const titles: Record<LabTheme, string> = {
    ...words.lab.themes,
    scheme: choiceName(words, 'scheme', settings.preset.settings.scheme),
  }
  return (
    <div className={styles.themes}>
      <div className={styles.titles}>
        {folded.map((theme) => {
          const count = of(theme).filter(({ name }) => changed.includes(name)).length
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
          of(shown).map((control) => (
            <ControlField
              key={`${settings.question} ${control.name}`}
              control={control}
              settings={settings}
              onChange={onChange}
            />
          ))}
      </section>
    </div>
  )
}
