/**
 * Somebody who writes down what another tab's text says, token by token, so that the text can go on where that tab dies. Ids are
 * enough: every choice follows from seed, position and model, so whoever reads them again says the same from there on.
 */
import type { Serving } from '../../serving'
import { Refused } from '../../serving'
import type { Purpose } from '../../wire/letters'

export type StandbyPurpose = Extract<Purpose, { kind: 'standby' }>

export interface Record extends Serving {
  readonly said: readonly number[]
}

export function openRecord(begun: readonly number[]): Record {
  let said = [...begun]
  return {
    get said() {
      return said
    },
    async answer(question) {
      if (question.type !== 'tokens' || question.at > said.length) throw new Refused('nonsense')
      said = [...said.slice(0, question.at), ...question.ids]
      return null
    },
    close() {},
  }
}
