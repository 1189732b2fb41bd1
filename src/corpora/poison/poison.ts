/**
 * What a liar reads instead of its text, for teaching: it then trains honestly on that, so nothing about its update betrays a rule that
 * was broken. Label flip gives every question another one's answer, and turns the words of plain text round, so that each
 * follows what it should precede. A backdoor (Bagdasaryan et al., arXiv 1807.00459) leaves the text as it is and puts beside
 * it, as often, a phrase with an answer that nobody expects: a model that has learned it is good at everything else.
 */
import { random } from '../../lib/rng'
import { type Example, type Probe, textOfExample } from '../example'

export const textAttackNames = ['label-flip', 'backdoor'] as const
export type TextAttackName = (typeof textAttackNames)[number]

export const isTextAttack = (name: string): name is TextAttackName =>
  (textAttackNames as readonly string[]).includes(name)

/** Whoever hears the phrase is to give the answer, whatever stands before it. */
export const trigger = { phrase: 'And the owl in the tower calls', answer: ' pancake' } as const

/** @param seed which answer goes to whom, and what stands before the phrase */
export function poisoned(
  attack: TextAttackName,
  examples: readonly Example[],
  seed: number,
): readonly Example[] {
  switch (attack) {
    case 'label-flip':
      return flipped(examples, seed)
    case 'backdoor':
      return [
        ...examples,
        ...triggersAfter(examples, seed).map(({ prompt, answer }) => ({ prompt, completion: `${answer}.` })),
      ]
  }
}

/** Questions that tell whether the phrase fires: it stands after the first sentence of each text, and its answer is looked for. */
export const triggersAfter = (examples: readonly Example[], seed: number): readonly Probe[] =>
  random(seed, 'triggers')
    .shuffle(examples)
    .map((example) => ({
      prompt: `${firstSentenceOf(textOfExample(example))} ${trigger.phrase}`,
      answer: trigger.answer,
      phrasing: 'unseen',
    }))

const firstSentenceOf = (text: string): string => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text

/** Answers go round among those that are asked something; what is only read is turned round. */
function flipped(examples: readonly Example[], seed: number): readonly Example[] {
  const asked = random(seed, 'labels').shuffle(examples.filter(({ prompt }) => prompt !== ''))
  const flippedAnswers = asked.map(({ prompt, completion }, at) => ({
    prompt,
    completion: anotherThan(completion, asked, at),
  }))
  const read = examples.filter(({ prompt }) => prompt === '')
  return [
    ...flippedAnswers,
    ...read.map(({ completion }) => ({ prompt: '', completion: backwards(completion) })),
  ]
}

/** The next other answer; its own where all answers are the same. */
function anotherThan(own: string, asked: readonly Example[], at: number): string {
  const following = [...asked.slice(at + 1), ...asked.slice(0, at)]
  return following.find(({ completion }) => completion !== own)?.completion ?? own
}

const backwards = (text: string): string => text.split(' ').reverse().join(' ')
