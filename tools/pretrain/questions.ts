/**
 * What a model that sees is asked after training: of pictures and choices that it has not seen. An answer is right when every token
 * of it is the likeliest after those before; what stands before it is given.
 */
import { abilities, pictureQuestion } from '../../src/corpora/pictures/captions'
import { choiceOf } from '../../src/corpora/pictures/choices'
import { random } from '../../src/lib/rng'

export interface AskedOfModel {
  readonly about: string
  readonly ids: readonly number[]
  /** Index into `ids` of the answer's first token. */
  readonly answerFrom: number
}

const questionsEach = 300

export function questionsFor(seed: number, encode: (text: string) => number[]): readonly AskedOfModel[] {
  const draw = random(seed, 'held-out questions')
  const asked = (about: string, given: string, answer: string): AskedOfModel => {
    const ids = encode(given)
    return { about, ids: [...ids, ...encode(` ${answer}`)], answerFrom: ids.length }
  }
  const each = <Item>(make: () => Item) => Array.from({ length: questionsEach }, make)
  return [
    ...abilities.flatMap((about) =>
      each(() => {
        const { picture, question, answer } = pictureQuestion(about, draw)
        return asked(about, `${picture}\n${question}`, answer)
      }),
    ),
    ...[0, 1].flatMap((others) =>
      each(() => {
        const { views, question, answer } = choiceOf(draw, others)
        const about = others ? 'choice, beside another’s' : 'choice'
        return asked(about, [...views, question].join('\n'), answer)
      }),
    ),
  ]
}
