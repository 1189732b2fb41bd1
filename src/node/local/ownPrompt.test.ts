import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOfExample } from '../../corpora/example'
import { ownPrompt } from './ownPrompt'

const plain = (...texts: string[]) => texts.map((completion) => ({ prompt: '', completion }))

describe('a question about a person’s own text', () => {
  it('is the prompt of a pair as it was trained on, with its answer where that is short', () => {
    const pair = { prompt: 'User:\nWhere is Anna?\n\nAssistant:\n', completion: 'In Riga.' }
    expect(ownPrompt([pair])).toEqual({ prompt: pair.prompt, owner: null, answer: 'In Riga.' })
    expect(ownPrompt([{ ...pair, completion: 'a long tale '.repeat(9) }])?.answer).toBeNull()
  })

  it('is of pairs the first that fits the field, and its first words where none does', () => {
    const long = { prompt: 'word '.repeat(100), completion: 'yes' }
    const short = { prompt: 'Bob rows', completion: ' home.' }
    expect(ownPrompt([long, short])?.prompt).toBe('Bob rows')
    expect(ownPrompt([long])?.prompt).toBe('word word word word')
  })

  it('is of plain text its first words, and never all of them', () => {
    expect(ownPrompt(plain('Anna bakes bread every morning at five.'))?.prompt).toBe('Anna bakes bread every')
    expect(ownPrompt(plain('Anna bakes bread.'))?.prompt).toBe('Anna bakes')
    expect(ownPrompt(plain('A heading\n\nand what stands below it'))?.prompt).toBe('A')
    expect(ownPrompt(plain('x', 'Bob rows home.'))?.prompt).toBe('Bob rows')
    expect(ownPrompt(plain('古池や蛙飛びこむ水の音'))?.prompt).toBe('古池や蛙飛び')
    expect(ownPrompt([])).toBeNull()
    expect(ownPrompt(plain('x'))).toBeNull()
  })

  it('begins an example, whatever stands in it', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(fc.array(fc.record({ prompt: part, completion: part }), { maxLength: 4 }), (examples) => {
        const asked = ownPrompt(examples)
        if (asked === null) return
        expect(asked.prompt.trim()).not.toBe('')
        expect(asked.prompt.length).toBeLessThanOrEqual(200)
        const texts = examples.map(textOfExample)
        expect(
          texts.some((text) => text.startsWith(asked.prompt) || text.trim().startsWith(asked.prompt)),
        ).toBe(true)
      }),
    )
  })
})
