/**
 * What a domain of the story world consists of, and the small words that all domains share. A domain is data: to add
 * one, write a file like `kitchen.ts` and name it in `index.ts`.
 */
import type { Rules } from '../grammar'
import { names } from '../names'

export interface DomainGrammar {
  /** What one town fixes and pretraining leaves free: who the baker is, what the clinic gives for a cough. */
  readonly roles: Rules
  /** What every sentence draws anew. */
  readonly rules: Rules
  /** A paragraph is one plot: the rules of its sentences, in order, separated by spaces. */
  readonly plots: readonly string[]
}

export const shared: Rules = {
  person: names,
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  few: ['two', 'three', 'four', 'five', 'six'],
  many: ['seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'twenty', 'thirty', 'forty'],
  hour: ['five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'noon'],
  part: ['morning', 'afternoon', 'evening'],
  slowly: ['slowly', 'quickly', 'quietly', 'carefully', 'gladly', 'at once'],
  said: ['said', 'said', 'called', 'answered', 'whispered'],
  feeling: ['happy', 'tired', 'proud', 'worried', 'calm', 'hungry', 'surprised'],
}

/** The hours, colours and numbers that a town may fix. */
export const hours = ['five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven']
export const colours = ['red', 'blue', 'green', 'yellow', 'white', 'black', 'brown', 'grey', 'orange', 'pink']
export const days = shared.day
