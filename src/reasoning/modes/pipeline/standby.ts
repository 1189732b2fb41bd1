/**
 * Somebody who writes down what another tab's text says, token by token, so that the text can go on where that tab dies. Ids are
 * enough: every choice follows from seed, position and model, so whoever reads them again says the same from there on.
 */
import { refusalInWords } from '../../line'
import { Refused, type Serving } from '../../serving'
import { mostWritten, type Purpose } from '../../wire/letters'

export type StandbyPurpose = Extract<Purpose, { kind: 'standby' }>

export interface Record extends Serving {
  readonly said: readonly number[]
}

/** Throws an error whose message goes to the asker. */
export function openRecord({ prompt, said: begun }: StandbyPurpose, vocabulary: number): Record {
  if ([...prompt, ...begun].some((id) => id >= vocabulary)) throw new Error(refusalInWords.nonsense)
  let said = [...begun]
  return {
    tabs: 0,
    get said() {
      return said
    },
    async answer(question) {
      if (question.type !== 'tokens' || question.at > said.length) throw new Refused('nonsense')
      if (question.at + question.ids.length > mostWritten) throw new Refused('nonsense')
      said = [...said.slice(0, question.at), ...question.ids]
      return null
    },
    close() {},
  }
}
