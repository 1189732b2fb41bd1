import { beforeAll, describe, expect, it } from 'vitest'
import { plainMachines } from '../kernels/machines/testing'
import { adapterHash } from '../model/adapter'
import type { LanguageModel } from '../model/languageModel'
import { initialAdapter } from '../model/lora'
import { oracleModel, ragged } from '../model/oracle'
import { type Batch, makeBatch } from './batches'
import { evaluate } from './evaluate'
import { openOn, randomModel, randomModelDirectory } from './testing'
import { Diverged, Stopped, type Trained, train } from './train'

const { start, training } = oracleModel('gpt2')

/** The oracle's batches of rows of unequal length, over and over. */
function* batches(): Generator<Batch, never> {
  for (let first = 0; ; first = (first + ragged.batch) % ragged.rows.length)
    yield makeBatch(ragged.rows.slice(first, first + ragged.batch), 16)
}

describe.each(plainMachines)('training on %s', (machine) => {
  let model: LanguageModel
  beforeAll(async () => {
    model = await randomModel(machine)
  })

  it('follows PyTorch on rows of unequal length with prompts that do not count', async () => {
    const losses: number[] = []
    await train({
      model,
      adapter: start,
      batches: batches(),
      steps: ragged.steps,
      learningRate: training.learningRate,
      onStep: ({ loss }) => losses.push(loss),
    })
    expect(losses).toHaveLength(ragged.steps)
    losses.forEach((loss, step) => void expect(Math.abs(loss - ragged.losses[step])).toBeLessThan(1e-4))
  })

  it.each(['c_attn', 'c_proj', 'c_fc', 'c_fc,c_attn'])('lowers the loss with targets %s', async (list) => {
    const targets = list.split(',')
    const fresh = initialAdapter(model.config, { rank: 2, alpha: 4, targets }, 1)
    const all = makeBatch(ragged.rows, 16)
    const before = await evaluate(model, fresh, [all])
    const { adapter } = await train({
      model,
      adapter: fresh,
      batches: batches(),
      steps: 12,
      learningRate: 2e-2,
    })
    const after = await evaluate(model, adapter, [all])
    expect(after.tokens).toBe(all.tokens)
    expect(after.loss).toBeLessThan(before.loss - 0.05)
  })

  it('what is rehearsed adds its gradient, as heavy as is said, and no loss tells of it', async () => {
    const [own, again] = [ragged.rows.slice(0, 2), ragged.rows.slice(2, 4)]
    const stepOn = async (batch: Batch) => {
      const once = (function* () {
        for (;;) yield batch
      })()
      const trained = await train({ model, adapter: start, batches: once, steps: 1, learningRate: 1e-3 })
      // After one step Adam's first moment is a tenth of the gradient.
      return { ...trained, gradient: trained.optimizer.first.map((moment) => 10 * moment) }
    }
    const [alone, other] = [await stepOn(makeBatch(own, 16)), await stepOn(makeBatch(again, 16))]
    const both = await stepOn(makeBatch(own, 16, again, 3))
    expect(both.loss).toBeCloseTo(alone.loss, 5)
    expect([both.rows, both.tokens]).toEqual([alone.rows, alone.tokens])
    const largest = both.gradient.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
    both.gradient.forEach((each, at) => {
      const sum = alone.gradient[at] + 3 * other.gradient[at]
      expect(Math.abs(each - sum)).toBeLessThan(1e-4 * largest)
    })
  })

  it('repeats bit for bit', async () => {
    const run = (): Promise<Trained> =>
      train({
        model,
        adapter: start,
        batches: batches(),
        steps: 4,
        learningRate: 1e-2,
      })
    const [one, other] = [await run(), await run()]
    expect(adapterHash(one.adapter)).toBe(adapterHash(other.adapter))
    expect(one.loss).toBe(other.loss)
  })

  it('goes on where it stopped when it gets its optimizer back', async () => {
    const shared = { model, learningRate: 1e-2 }
    const whole = await train({ ...shared, adapter: start, batches: batches(), steps: 6 })
    const course = batches()
    const first = await train({ ...shared, adapter: start, batches: course, steps: 2 })
    const second = await train({
      ...shared,
      adapter: first.adapter,
      batches: course,
      steps: 4,
      optimizer: first.optimizer,
    })
    expect(adapterHash(second.adapter)).toBe(adapterHash(whole.adapter))
    expect(second.optimizer.steps).toBe(6)
  })

  it('keeps memory flat over twenty steps, and needs no more for the next run', async () => {
    const course = { model, adapter: start, batches: batches(), learningRate: 1e-3 }
    await train({ ...course, steps: 3 }) // three batches, the last of them of another shape
    const before = model.machine.bytesHeld()
    const during: number[] = []
    await train({ ...course, steps: 20, onStep: () => during.push(model.machine.bytesHeld()) })
    expect(new Set(during.slice(3)).size).toBe(1)
    await train({ ...course, steps: 3 })
    expect(model.machine.bytesHeld()).toBe(before)
  })

  it('stays the nearer to where it began the harder it is pulled back (FedProx)', async () => {
    const wayWith = async (proximal: number): Promise<number> => {
      const { adapter } = await train({
        model,
        adapter: start,
        batches: batches(),
        steps: 12,
        learningRate: 1e-2,
        proximal,
      })
      const squares = [...adapter.tensors].flatMap(([name, { data }]) =>
        Array.from(data, (number, place) => (number - start.tensors.get(name)!.data[place]) ** 2),
      )
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0))
    }
    const [free, held, bound] = [await wayWith(0), await wayWith(1), await wayWith(10)]
    expect(held).toBeLessThan(0.9 * free)
    expect(bound).toBeLessThan(0.5 * held)
  })

  it('stops between two steps, and says so', async () => {
    const reports: number[] = []
    const run = train({
      model,
      adapter: start,
      batches: batches(),
      steps: 100,
      learningRate: 1e-2,
      stopped: () => reports.length >= 2,
      onStep: ({ step }) => reports.push(step),
    })
    await expect(run).rejects.toThrow(Stopped)
    expect(reports.length).toBeLessThan(5)
  })

  it('ends with advice when the loss is no number any more', async () => {
    const run = train({
      model,
      adapter: start,
      batches: batches(),
      steps: 20,
      learningRate: 1e30,
    })
    await expect(run).rejects.toThrow(Diverged)
    await expect(run).rejects.toThrow(/Lower the learning rate/)
  })
})

describe.each(['float16', 'int8', 'nf4'] as const)('a base kept as %s', (precision) => {
  it('is the same on every machine, near the unpacked one, and can be learned on', async () => {
    const all = makeBatch(ragged.rows, 16)
    const exact = await evaluate(await randomModel('wasm'), null, [all])
    const losses = await Promise.all(
      plainMachines.map(async (machine) => {
        const model = await openOn(machine, randomModelDirectory, { precision })
        const before = await evaluate(model, null, [all])
        const course = { model, adapter: start, batches: batches(), steps: 12, learningRate: 2e-2 }
        const { adapter } = await train(course)
        return [before.loss, (await evaluate(model, adapter, [all])).loss]
      }),
    )
    for (const [before, after] of losses) {
      expect(before).toBeCloseTo(losses[0][0], 4)
      expect(after).toBeCloseTo(losses[0][1], 3)
      expect(Math.abs(before - exact.loss)).toBeLessThan({ float16: 1e-3, int8: 0.02, nf4: 0.2 }[precision])
      expect(after).toBeLessThan(before - 0.05)
    }
  })
})

it('agrees between all machines to four decimals', async () => {
  const losses = await Promise.all(
    plainMachines.map(async (machine) => {
      const seen: number[] = []
      await train({
        model: await randomModel(machine),
        adapter: start,
        batches: batches(),
        steps: 5,
        learningRate: 1e-2,
        onStep: ({ loss }) => seen.push(loss),
      })
      return seen
    }),
  )
  for (const other of losses)
    losses[0].forEach((loss, step) => void expect(Math.abs(loss - other[step])).toBeLessThan(1e-4))
})
