/** Real training of `toy`: one seed always, five in the long run, whose means docs/attacks.md has as a table. */
import { describe, expect, it } from 'vitest'
import { unreadTexts } from '../../../corpora/pretraining'
import { random } from '../../../lib/rng'
import { seededIdentities } from '../../../network/identity/seeded'
import { adapterConfigOf } from '../../../settings/derived/adapter'
import { defaultSettings } from '../../../settings/reading'
import { createEngine } from '../../../training/engine'
import { codedLoss } from '../../reasoning/vertical/boundary'
import { meansOf } from '../fixtures/means'
import { siteFor } from '../inNode'
import { type Inputs, shareFound } from './gradients'
import { noisy, rowNoise } from './rows'

const seeds = process.env.GOSSAMER_FULL ? [1, 2, 3, 4, 5] : [1]

describe('what whoever merges learns of one device', () => {
  it('is nearly all of its facts from its update, fewer from the sum of four, and none under noise', async () => {
    const recall = await meansOf('reading', seeds)
    expect(recall.nobody).toBeLessThan(0.1)
    expect(recall.undefended).toBeGreaterThan(0.8)
    expect(recall.masks).toBeLessThan(recall.undefended - 0.3)
    expect(recall.noise).toBeLessThanOrEqual(0.05)
    expect(recall.both).toBeLessThanOrEqual(0.05)
  })

  it('is which texts it has read, from its update and also from the sum, and not under noise', async () => {
    const auc = await meansOf('membership', seeds)
    expect(auc.nobody).toBe(0.5)
    expect(auc.undefended).toBeGreaterThan(0.95)
    expect(auc.masks).toBeGreaterThan(0.7)
    expect(auc.noise).toBeLessThan(0.75)
  })
})

describe('words out of numbers', () => {
  it('come out of the gradient of one sentence, few of one of eight, or after twenty steps, and none under noise', async () => {
    const found = await meansOf('gradients', seeds)
    expect(found.nobody).toBeLessThan(0.05)
    expect(found.undefended).toBeGreaterThan(0.8)
    expect(found.together).toBeLessThan(0.4)
    expect(found.steps).toBeLessThan(0.3)
    expect(found.noise).toBeLessThan(0.05)
  })

  it('come out of a split’s rows wherever it is cut, until noise drowns the rows', async () => {
    const found = await meansOf('rows', seeds)
    expect(found.nobody).toBeLessThan(0.1)
    expect(found.undefended).toBe(1)
    expect(found.deeper).toBe(1)
    expect(found.noise).toBeLessThan(0.3)
  })
})

describe('noise that hides the words of a split', () => {
  it('leaves a model that guesses worse than blindly', async () => {
    const { model, load } = siteFor(1)
    const { open, sessions } = createEngine({ load })
    await open({ model, backend: 'wasm', adapter: adapterConfigOf(defaultSettings), seed: 1 })
    const texts = await Promise.all(
      unreadTexts('toy')
        .slice(0, 3)
        .map(async (text) => (await sessions.encode(text)).slice(0, 40)),
    )
    const { vocabulary } = await sessions.facts()
    const { randomBytes } = seededIdentities(1)('noise')
    const { perplexity } = await codedLoss(sessions, texts, 1, noisy(rowNoise, randomBytes))
    expect((await codedLoss(sessions, texts, 1, (rows) => rows)).perplexity).toBeLessThan(5)
    expect(perplexity).toBeGreaterThan(vocabulary)
  })
})

/** A vocabulary of random rows, the same at each place. */
function vocabularyOf(tokens: number, width: number): Inputs {
  const draw = random(1, 'vocabulary')
  const rows = Float64Array.from({ length: tokens * width }, () => draw.gaussian())
  return { width, at: () => rows }
}

describe('the span of a gradient', () => {
  const [width, vocabulary] = [24, 200]
  const inputs = vocabularyOf(vocabulary, width)
  /** Mixtures of the rows of these tokens, as many as the adapter has ranks. */
  const gradientOf = (tokens: readonly number[], rank: number) => {
    const draw = random(2, 'mixture')
    return Float32Array.from({ length: rank * width }, () => 0).map((_, index, all) => {
      if (index % width === 0)
        for (const token of tokens) {
          const share = draw.gaussian()
          for (let at = 0; at < width; at++) all[index + at] += share * inputs.at(0)[token * width + at]
        }
      return all[index]
    })
  }
  const sentence = (length: number) => Array.from({ length }, (_, at) => 7 * at + 3)
  const foundOf = (length: number, rank: number) => {
    const tokens = sentence(length)
    const row = { tokens: [...tokens, 0], countFrom: 1 }
    // At one place any of the sentence's words is a right guess, so each is looked for by itself.
    const each = tokens.map((token) => ({ ...row, tokens: [token, 0] }))
    return shareFound(gradientOf(tokens, rank), inputs, each)
  }

  it.each([1, 4, 8])('holds every word of a sentence of %i that has no more than ranks', (length) => {
    expect(foundOf(length, 8)).toBe(1)
  })

  it('loses them where there are more', () => {
    expect(foundOf(16, 8)).toBeLessThan(0.9)
  })
})
