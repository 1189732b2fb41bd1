import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { startTestBackends, testBackends } from '../kernels/testing'
import { adapterHash } from '../model/adapter'
import { initialAdapter } from '../model/lora'
import { oracleModel, ragged } from '../model/oracle'
import { randomModel } from '../model/testing'
import { type Batch, makeBatch } from './batches'
import { evaluate } from './evaluate'
import { Diverged, Stopped, type Trained, train } from './train'

beforeAll(startTestBackends)

const { start, training } = oracleModel('gpt2')

/** The oracle's batches of rows of unequal length, over and over. */
function* batches(): Generator<Batch, never> {
  for (let first = 0; ; first = (first + ragged.batch) % ragged.rows.length)
    yield makeBatch(ragged.rows.slice(first, first + ragged.batch), 16)
}

describe.each(testBackends)('training on %s', (backend) => {
  const model = () => randomModel(backend)

  it('follows PyTorch on rows of unequal length with prompts that do not count', async () => {
    const losses: number[] = []
    await train({
      model: model(),
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
    const fresh = initialAdapter(model().config, { rank: 2, alpha: 4, targets }, 1)
    const all = makeBatch(ragged.rows, 16)
    const before = await evaluate(model(), fresh, [all])
    const { adapter } = await train({
      model: model(),
      adapter: fresh,
      batches: batches(),
      steps: 12,
      learningRate: 2e-2,
    })
    const after = await evaluate(model(), adapter, [all])
    expect(after.tokens).toBe(all.tokens)
    expect(after.loss).toBeLessThan(before.loss - 0.05)
  })

  it('repeats bit for bit', async () => {
    const run = (): Promise<Trained> =>
      train({
        model: model(),
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
    const shared = { model: model(), learningRate: 1e-2 }
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

  it('keeps memory flat over fifty steps, and gives everything back', async () => {
    const one = model()
    const course = {
      model: one,
      adapter: start,
      batches: batches(),
      learningRate: 1e-3,
    }
    await train({ ...course, steps: 1 }) // makes the frozen transposes and the mask
    const before = tf.memory()
    const during: number[] = []
    await train({ ...course, steps: 50, onStep: () => during.push(tf.memory().numTensors) })
    expect(new Set(during.slice(1)).size).toBe(1)
    expect(tf.memory().numTensors).toBe(before.numTensors)
    expect(tf.memory().numBytes).toBe(before.numBytes)
  })

  it('stops between two steps, and says so', async () => {
    const reports: number[] = []
    const run = train({
      model: model(),
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
      model: model(),
      adapter: start,
      batches: batches(),
      steps: 20,
      learningRate: 1e30,
    })
    await expect(run).rejects.toThrow(Diverged)
    await expect(run).rejects.toThrow(/Lower the learning rate/)
  })
})

it('agrees between cpu and wasm to four decimals', async () => {
  const losses = await Promise.all(
    testBackends.map(async (backend) => {
      const seen: number[] = []
      await train({
        model: randomModel(backend),
        adapter: start,
        batches: batches(),
        steps: 5,
        learningRate: 1e-2,
        onStep: ({ loss }) => seen.push(loss),
      })
      return seen
    }),
  )
  losses[0].forEach((loss, step) => void expect(Math.abs(loss - losses[1][step])).toBeLessThan(1e-4))
})
