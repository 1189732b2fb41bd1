/** Who guesses and who judges, a line each: of the model's layers those that it runs. The cards below say the same in words. */
import type { CSSProperties } from 'react'
import type { Asking } from '../../../node/reasoning/view/view'
import { useWords } from '../../words/words'
import type { People } from '../people'
import styles from './crew.module.css'

interface Props {
  readonly asking: Asking
  readonly people: People
}

export function JudgesPicture({ asking: { stages }, people }: Props) {
  const { reason: words } = useWords()
  const all = Math.max(...stages.map(({ layers: [, to] }) => to))
  return (
    <ul className={styles.judges} aria-hidden="true">
      {stages.map(({ id, layers: [from, to] }, place) => {
        const { name, colour, ink } = people.of(id)
        const held = to - from
        return (
          <li key={`${to} ${id}`} style={{ '--own': colour, '--ink-own': ink } as CSSProperties}>
            <b>{name}</b>
            <small>{place === 0 ? words.guesses(words.layers(from, to)) : words.judges}</small>
            <span className={styles.cells}>
              {Array.from({ length: all }, (_, layer) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
                <i key={layer} data-idle={layer >= held || undefined} />
              ))}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
