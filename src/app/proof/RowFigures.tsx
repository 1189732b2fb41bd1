/** The figures of a row, small and in a line. */

import type { Row } from '../../node/reasoning/proof/verdict'
import { decimal } from '../format'
import type { People } from '../reason/people'
import { useLanguage, useWords } from '../words/words'
import { figuresOf, type ProofFigure } from './figures'
import styles from './proof.module.css'

interface Props {
  readonly row: Row
  readonly self: string
  readonly people: People
}

export function RowFigures({ row, self, people }: Props) {
  const { proof: words } = useWords()
  const say = useSaying(people)
  const figures = figuresOf(row, self)
  if (figures.length === 0) return null
  return (
    <dl className={styles.figures} aria-label={words.figures}>
      {figures.map((figure) => {
        const [name, value] = say(figure)
        return (
          <div key={figure.name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        )
      })}
    </dl>
  )
}

/** A figure's name and value. */
function useSaying(people: People): (figure: ProofFigure) => readonly [string, string] {
  const words = useWords()
  const language = useLanguage()
  const { proof, reason } = words
  return (figure) => {
    switch (figure.name) {
      case 'speed':
        return [proof.speed, proof.perSecond(decimal(figure.tokensPerSecond, 1, language))]
      case 'computing':
      case 'travelling':
      case 'rest':
        return [proof[figure.name], proof.perToken(reason.milliseconds(figure.milliseconds))]
      case 'bytesPerHop':
        return [proof.hop, proof.bytesPerHop(words.bytes(figure.bytes))]
      case 'bytesPerToken':
        return [proof.hop, proof.bytesPerToken(words.bytes(figure.bytes))]
      case 'detected':
      case 'recovered':
      case 'handover':
        return [proof[figure.name], reason.milliseconds(figure.milliseconds)]
      case 'replayed':
        return [proof.replayed, proof.tokens(figure.tokens)]
      case 'accepted':
        return [proof.accepted, words.percent(figure.share)]
      case 'perRound':
        return [proof.perRound, proof.roundOf(decimal(figure.tokens, 1, language))]
      case 'wasClosed':
        return [proof.wasClosed, proof.closedAfter(people.of(figure.peer).name, figure.after)]
      case 'roundsLost':
        return [proof.roundsLost, proof.atMostRounds(figure.atMost)]
    }
  }
}
