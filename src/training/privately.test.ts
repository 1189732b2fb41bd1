import { beforeAll, describe, expect, it } from 'vitest'
import { plainMachines } from '../kernels/machines/testing'
import { adapterHash } from '../model/adapter'
import type { LanguageModel } from '../model/languageModel'
import { adapterLayout, flatten } from '../model/lora'
import { oracleModel, ragged } from '../model/oracle'
import { adamDefaults } from '../model/programs/training'
import { makeBatch } from './batches'
import type { StepPrivacy } from './compute'
import { type PrivateTraining, trainPrivately } from './privately'
import { countedTokens } from './rows'
import { randomModel } from './testing'
import { Stopped, train } from './train'

const { start } = oracleModel('gpt2')
const rows = ragged.rows.slice(0, 6)
const huge = 1e6

describe.each(plainMachines)('training that hides rows, on %s', (machine) => {
  let model: LanguageModel
  beforeAll(async () => {
    model = await randomModel(machine)
  })

  const privately = (privacy: Partial<StepPrivacy>, other: Partial<PrivateTraining> = {}) =>
    trainPrivately({
      model,
      adapter: start,
      rows,
      steps: 1,
      learningRate: 1e-2,
      privacy: { clip: huge, noise: 0, rate: 1, secret: new Uint8Array(32).fill(3), ...privacy },
      ...other,
    })
  /** What the first step took for its gradient: Adam's first moment is a tenth of it. */
  async function gradientOf(privacy: Partial<StepPrivacy>, other: Partial<PrivateTraining> = {}) {
    const { optimizer } = await privately(privacy, other)
    return Float64Array.from(optimizer.first, (moment) => moment / (1 - adamDefaults.beta1))
  }
  const lengthOf = (gradient: Float64Array) => Math.hypot(...gradient)
  const apart = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    Math.max(...Array.from(one, (value, at) => Math.abs(value - other[at])))

  it('without noise and clip is training on all rows, each of which weighs the same', async () => {
    const alike = rows.map((row) => ({ ...row, tokens: row.tokens.slice(0, 6), countFrom: 1, skips: [] }))
    expect(new Set(alike.map(countedTokens)).size).toBe(1)
    const plain = await train({
      model,
      adapter: start,
      batches: (function* () {
        for (;;) yield makeBatch(alike, 16)
      })(),
      steps: 5,
      learningRate: 1e-2,
    })
    const hidden = await privately({}, { rows: alike, steps: 5 })
    const layout = adapterLayout(model.config, start.config)
    expect(apart(flatten(layout, plain.adapter), flatten(layout, hidden.adapter))).toBeLessThan(1e-4)
    expect(hidden.loss).toBeCloseTo(plain.loss, 4)
    expect(hidden.tokens).toBe(plain.tokens)
  })

  it('adds up rows of which none is longer than the clip', async () => {
    const alone = await Promise.all(rows.map((row) => gradientOf({}, { rows: [row] })))
    const lengths = alone.map(lengthOf)
    const clip = lengths.toSorted((a, b) => a - b)[2]
    const expected = alone[0].map((_, at) =>
      alone.reduce(
        (sum, gradient, row) => sum + (gradient[at] * Math.min(1, clip / lengths[row])) / rows.length,
        0,
      ),
    )
    expect(apart(await gradientOf({ clip }), expected)).toBeLessThan(1e-5 * lengthOf(expected))
  })

  it('adds noise of the deviation that was asked for to what is learned, and nothing to what is frozen', async () => {
    const [clip, noise] = [1e-3, 500]
    const learns = { a: false, b: true }
    const { adapter, optimizer } = await privately({ clip, noise }, { learns })
    const layout = adapterLayout(model.config, start.config)
    const drawn = layout.slots
      .filter(({ factor }) => factor === 'lora_B')
      .flatMap(({ offset, shape }) => [...optimizer.first.subarray(offset, offset + shape[0] * shape[1])])
      .map((moment) => moment / (1 - adamDefaults.beta1))
    const deviation = Math.sqrt(drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length)
    expect(deviation / ((noise * clip) / rows.length)).toBeCloseTo(1, 0.7)
    for (const [name, { data }] of adapter.tensors)
      if (name.includes('lora_A')) expect(data).toEqual(start.tensors.get(name)!.data)
  })

  it('repeats with the same secret alone', async () => {
    const hashWith = async (byte: number) => {
      const secret = new Uint8Array(32).fill(byte)
      return adapterHash((await privately({ noise: 1, clip: 0.1, rate: 0.5, secret })).adapter)
    }
    expect(await hashWith(1)).toBe(await hashWith(1))
    expect(await hashWith(1)).not.toBe(await hashWith(2))
  })

  it('lets a coin of its own decide about each row, and divides by what is drawn on average', async () => {
    const trained = await privately({ rate: 0.5 }, { steps: 40 })
    expect(trained.rows).toBeGreaterThan(80)
    expect(trained.rows).toBeLessThan(160)
    const [one, half] = [await gradientOf({ rate: 1 }), await gradientOf({ rate: 1 - 1e-9 })]
    expect(apart(one, half)).toBeLessThan(1e-6)
  })

  it('goes on where no row was drawn, and ends when it is stopped', async () => {
    const nothing = await privately({ rate: 1e-9, noise: 1, clip: 0.01 }, { steps: 3 })
    expect(nothing.rows).toBe(0)
    expect(nothing.loss).toBe(0)
    await expect(privately({}, { stopped: () => true })).rejects.toThrow(Stopped)
  })
})
