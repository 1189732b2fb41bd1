/** English: being forgotten, and what certifies it. `de-forgetting.ts` has the same shape. */
import { count } from '../format'

const L = 'en'
const number = (value: number, digits: number) => value.toLocaleString(L, { maximumFractionDigits: digits })

export const enForgetting = {
  forgetting: {
    title: 'Being forgotten',
    lead: (canUnlearn: boolean): string =>
      canUnlearn
        ? 'This tab may leave and take along what the model has learned from it: the others train once more without it, about a quarter as long.'
        : 'This room keeps no ledger: this tab may leave, and nothing more is learned from it, but what was learned stays.',
    leave: 'Leave and be forgotten',
    sure: 'Yes, leave for good',
    stay: 'No, stay',
    takeOut: (name: string) => `Forget ${name}`,
    sureOf: (name: string) => `Yes, take ${name} out and unlearn it`,
    warning: 'This tab leaves the room, and the text that it kept is deleted here.',
    text: 'Words of the text to be forgotten',
    textHint: 'Every example in which they stand goes. This tab stays with the others.',
    forgetText: 'Forget this text',
    waiting: 'The room unlearns it now. Keep this tab open until the certificate is here.',
    waitsForRoom:
      'This tab has asked to be forgotten, and says so again once the coordinator is there. Keep it open, or open it again, until the certificate is here.',
    certificates: 'Certificates',
    certificatesLead: 'What was forgotten, and what it came to.',
    save: 'Save as a file',
    of: {
      everything: (device: string) => `${device}, all of it`,
      text: (device: string) => `A text of ${device}`,
    },
    done: {
      replayed: (rounds: number, steps: number, retrainingSteps: number) =>
        `The run was gone through again: ${count(rounds, L)} merges, ${count(steps, L)} local steps instead of the ${count(retrainingSteps, L)} of training again.`,
      subtracted:
        'Exact: it was in the last merge alone, which was made again without it. The model is, bit for bit, the one that never had it.',
      'never-merged': 'Nothing of it was ever merged.',
      'not-kept': 'Nothing more is learned from it. What was learned stays: this room keeps no ledger.',
    },
    forgotten: (isForgotten: boolean | null): string => {
      if (isForgotten === null) return 'Whether a trace is left could not be measured.'
      return isForgotten
        ? 'By its loss nobody can tell any more whether it was read.'
        : 'Its loss still stands out from that of other texts.'
    },
    loss: 'Loss on the forgotten text',
    auc: 'Told from other texts (AUC, 0.5: chance)',
    kept: 'Loss on the others’ kept-back text',
    change: (before: number | null, after: number | null) =>
      [before, after].map((value) => (value === null ? 'not measured' : number(value, 3))).join(' → '),
    version: (before: number, after: number) => `Version ${before} → ${after}`,
  },
}
