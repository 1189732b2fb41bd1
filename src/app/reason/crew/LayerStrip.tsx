/**
 * The model as a strip of layers, from the first to the last, each stretch in the colour of the tab that holds it. While an answer
 * is made, a drop runs along it as every token does. The cards below say the same in words.
 */
import type { CSSProperties } from 'react'
import type { Stage } from '../../../node/reasoning/modes'
import type { Asking } from '../../../node/reasoning/view/view'
import { useWords } from '../../words/words'
import type { People } from '../people'
import styles from './crew.module.css'

interface Props {
  readonly asking: Asking
  readonly people: People
}

export function LayerStrip({ asking: { stages, isRunning }, people }: Props) {
  const { reason: words } = useWords()
  const own = people.self
  const shown: readonly Stage[] = stages.length > 0 || !own ? stages : [{ id: own.peer, layers: [0, 1] }]
  return (
    <div className={styles.strip} data-running={isRunning || undefined} aria-hidden="true">
      {shown.map(({ id, layers: [from, to] }) => {
        const { name, colour, ink } = people.of(id)
        const style = { '--own': colour, '--ink-own': ink, '--layers': to - from } as CSSProperties
        return (
          <div key={`${from} ${id}`} className={styles.stretch} style={style}>
            <div className={styles.cells}>
              {layersIn(from, to).map((layer) => (
                <i key={layer} />
              ))}
            </div>
            <b>{name}</b>
            <small>{stages.length > 0 ? words.layers(from, to) : words.allLayers}</small>
          </div>
        )
      })}
      {isRunning && <span className={styles.drop} />}
    </div>
  )
}

const layersIn = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at)
