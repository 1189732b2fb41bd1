/** English: what noise hides, and how much was told of a text. `de-privacy.ts` has the same shape. */
import { decimal, writtenFor } from '../format'

const L = 'en'

export const enPrivacy = {
  privacy: {
    title: 'Privacy',
    device:
      'What leaves a tab is shortened and hidden under noise. All of a tab’s text together is protected, not only a sentence: from what it sends nobody can say for certain whether it has learned from that text at all.',
    example:
      'Each row of text is hidden under noise in every step. One row is protected, not all of a tab’s text together: what its rows have in common can be learned.',
    epsilon: (epsilon: number) => `ε ${decimal(epsilon, 2, L)}`,
    noGuarantee: 'No guarantee',
    withoutNoise: 'Changes are shortened, and no noise is added: that alone promises nothing.',
    own: 'So much was told of this text.',
    most: 'So much was told of the text that most was told of.',
    beside: (delta: number, updates: number) =>
      `With δ = ${writtenFor(String(delta), L)}, after ${updates === 1 ? '1 update' : `${updates} updates`} of the text, in this room and others.`,
    budget: (budget: number) => `Training on a text ends before ε ${decimal(budget, 2, L)}.`,
    counted: 'No budget was set: it is counted, and training goes on.',
    replaced: (epsilon: number) =>
      `ε ${decimal(epsilon, 2, L)} where somebody asks which of two texts a tab has learned from.`,
    shown: (epsilon: number) => `An attack shows ε ≥ ${decimal(epsilon, 2, L)}`,
    shownNothing: 'An attack shows nothing',
    audited: (pieces: number, most: number, updates: number) =>
      `This tab attacks its own ${updates === 1 ? 'update' : `${updates} updates`}: it tries to tell ${pieces} pieces of its text apart, of which half were learned from. What it shows is a lower bound, and must stay below the claim; so few pieces could show ε ${decimal(most, 2, L)} at most.`,
    told: (auc: number) => `Told apart: ${decimal(auc, 2, L)} (0.5: a coin, 1: always).`,
    spent: 'The budget is spent: nothing more is learned here.',
    chance: 'Noise comes from chance that nobody can guess, not from the seed: such a run does not repeat.',
  },
}
