import { describe, expect, it } from 'vitest'
import { plainMachines } from '../kernels/machines/testing'
import { makeBatch } from '../training/batches'
import { evaluate } from '../training/evaluate'
import { inputsOf } from '../training/inputs'
import { openOn, randomModel } from '../training/testing'
import numbers from './fixtures/gpt2-logits.json'
import type { LanguageModel } from './languageModel'

const { ids, lastLogits, loss, sha256 } = numbers.toy

/** Logits after each of some tokens, [position vocabulary]. */
const logitsOf = (model: LanguageModel, ids: readonly number[]): Promise<Float32Array> =>
  model.with(null, async (workspace) => {
    const { shape, reading } = inputsOf(makeBatch([{ tokens: [...ids, 0], countFrom: 1 }], ids.length))
    return (await (await workspace.logits(shape)).run(reading, ['logits'])).logits
  })

describe.each(plainMachines)('a model on %s', (machine) => {
  it('agrees with PyTorch about the shipped toy', async () => {
    const model = await openOn(machine, 'public/models/toy')
    expect(model.hash).toBe(sha256)
    const expected = lastLogits.flat()
    const logits = (await logitsOf(model, ids)).slice(-expected.length)
    for (const [index, logit] of logits.entries())
      expect(Math.abs(logit - expected[index])).toBeLessThan(1e-4)
    const { loss: mean } = await evaluate(model, null, [
      makeBatch([{ tokens: ids, countFrom: 1 }], ids.length - 1),
    ])
    expect(Math.abs(mean - loss)).toBeLessThan(1e-4)
  })

  it('gives every sequence of a batch what it would get alone, whatever is padded behind it', async () => {
    const model = await randomModel(machine)
    const [one, other] = [
      { tokens: [1, 2, 3, 4, 5], countFrom: 1 },
      { tokens: [5, 6, 7], countFrom: 1 },
    ]
    const both = await evaluate(model, null, [makeBatch([one, other], 4)])
    const alone = await evaluate(model, null, [makeBatch([other], 2)])
    alone.perToken.forEach((value, index) => void expect(both.perToken[4 + index]).toBeCloseTo(value, 5))
  })

  it('lends its workspaces one by one, and finds them again', async () => {
    const model = await randomModel(machine)
    const seen: unknown[] = []
    const work = async (workspace: unknown) => {
      seen.push(workspace)
      await Promise.resolve()
    }
    await Promise.all([model.use(null, work), model.use(null, work)])
    await model.use(null, work)
    expect(seen[0]).not.toBe(seen[1])
    expect(seen.slice(0, 2)).toContain(seen[2])
  })
})
