import { describe, expect, it } from 'vitest'
import { readPlainQuestion, readQuestion, readView } from './wishes'

const object = 'A question must be an object such as {prompt: "Once upon a time"}, not '
const missing = 'prompt is missing. Give the text that is to be continued.'

describe('what is asked of a tab', () => {
  it('is taken as it is given, and needs no more than a prompt', () => {
    expect(readQuestion({ prompt: 'Once' })).toEqual({ prompt: 'Once' })
    const plain = { prompt: ' ', tokens: 4096, temperature: 0, seed: -7 }
    const how = {
      mode: 'cascade',
      draft: 0,
      risk: 0.2,
      doubt: 1,
      codec: 'int8',
      tiers: 3,
      draftAdapter: 'none',
    }
    expect(readQuestion({ ...plain, ...how })).toEqual({ ...plain, ...how })
    expect(readPlainQuestion(plain)).toEqual(plain)
  })

  it('may leave to the tab what it does not say', () => {
    const unsaid = { tokens: null, temperature: undefined, seed: null, tiers: null, draft: null, doubt: null }
    expect(readQuestion({ prompt: 'Once', ...unsaid })).toEqual({ prompt: 'Once', draft: null, doubt: null })
  })

  it.each([
    [undefined, `${object}undefined.`],
    [null, `${object}null.`],
    ['hi', `${object}"hi".`],
    [[], `${object}an empty list.`],
    [{}, missing],
    [{ prompt: 5 }, 'prompt: 5 is not text. Give the text that is to be continued.'],
    [{ prompt: '' }, 'The prompt is empty. Give the model something to continue.'],
    [{ tokens: -3 }, 'tokens: -3 is not a whole number from 1 to 4096.'],
    [{ tokens: 0 }, 'tokens: 0 is not a whole number from 1 to 4096.'],
    [{ tokens: 2.5 }, 'tokens: 2.5 is not a whole number from 1 to 4096.'],
    [{ tokens: '8' }, 'tokens: "8" is not a whole number from 1 to 4096.'],
    [{ tokens: 4097 }, 'tokens: 4097 is not a whole number from 1 to 4096.'],
    [{ temperature: -1 }, 'temperature: -1 is not a number from 0 to 100.'],
    [{ temperature: Number.NaN }, 'temperature: NaN is not a number from 0 to 100.'],
    [{ seed: 'x' }, 'seed: "x" is not a whole number, such as 7.'],
    [{ seed: 0.5 }, 'seed: 0.5 is not a whole number, such as 7.'],
    [{ tokenz: 3 }, '"tokenz" is not known here. Ask with prompt, tokens, temperature, seed'],
  ])('is refused with what to do, by a proof as by a question: %o', (asked, why) => {
    const isPart = typeof asked === 'object' && asked !== null && Object.keys(asked).length > 0
    const whole = isPart ? { prompt: 'Once', ...asked } : asked
    expect(() => readQuestion(whole)).toThrow(why)
    expect(() => readPlainQuestion(whole)).toThrow(why)
  })

  it.each([
    [{ draft: 2.5 }, 'A draft of 2.5 tokens cannot be made. Give a whole number from 0 to 24.'],
    [{ draft: 25 }, 'A draft of 25 tokens cannot be made. Give a whole number from 0 to 24.'],
    [{ draft: '4' }, 'A draft of 4 tokens cannot be made. Give a whole number from 0 to 24.'],
    [{ risk: 0 }, 'A risk of 0 cannot be used. Give a number between 0 and 1, such as 0.03.'],
    [{ risk: Number.NaN }, 'A risk of NaN cannot be used. Give a number between 0 and 1, such as 0.03.'],
    [{ doubt: 1.5 }, 'A doubt of 1.5 cannot be used. Give a number from 0 to 1, such as 0.3.'],
    [{ tiers: 4 }, 'There are no 4 tiers. Give 2 or 3.'],
    [{ codec: 'gzip' }, 'Rows cannot travel as “gzip”. Choose one of float32, float16, int8.'],
    [{ mode: 'magic' }, 'There is no mode “magic”. Choose one of alone, '],
    [{ mode: 5 }, 'There is no mode “5”.'],
    [{ draftAdapter: 'mine' }, 'A draft cannot be made with “mine”. Choose kept or none.'],
  ])('is refused with what to do, and a proof asks for nothing of the kind: %o', (asked, why) => {
    const whole = { prompt: 'Once', ...asked }
    expect(() => readQuestion(whole)).toThrow(why)
    expect(() => readPlainQuestion(whole)).toThrow(`"${Object.keys(asked)[0]}" is not known here.`)
  })
})

describe('what a tab is told to see', () => {
  it('is text, or nothing', () => {
    expect([readView('a cat'), readView(null), readView(undefined)]).toEqual(['a cat', null, null])
    expect(() => readView(5)).toThrow(
      'What this tab sees must be text, not 5. Give text, or null for nothing.',
    )
  })
})
