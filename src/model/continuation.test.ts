/** A text that goes on by itself is, id for id, the one that is made row by row on the processor. */
import { beforeEach, describe, expect, it } from 'vitest'
import { machines, noGpu } from '../kernels/machines/testing'
import { openOn, randomModel } from '../training/testing'
import { Continuation, isChosenThere } from './continuation'
import { openDecoder } from './decoder'
import type { LanguageModel } from './languageModel'
import { oracleModel } from './oracle'
import { type DrawNumbers, Pool, type TextSlot } from './pool'
import { type Choice, choose, type Draw } from './sampling'
import { wholeStretch } from './stretch'

const models = {
  'a GPT-2': randomModel,
  'a LLaMA': (machine: string) => openOn(machine, oracleModel('llama-tied-sharded').files),
  'a Qwen3': (machine: string) => openOn(machine, oracleModel('qwen3-tied-sharded').files),
}
const going = [...(await machines()).keys()].filter((name) => name !== 'cpu')
const prompt = [1, 30, 7]
const drawn = (temperature: number): Draw => ({ temperature, seed: 11, position: prompt.length })

/** Temperatures, and how many tokens are said to follow. A GPU in software takes minutes for what the others do in seconds. */
const drawsOn = (machine: string, tokens: number): [number, number][] =>
  machine === 'webgpu'
    ? [[0.8, tokens]]
    : [
        [0, tokens],
        [0.8, 5],
        [2, tokens],
      ]

/** Reads a row, chooses, reads that: the definition. */
async function rowByRow(model: LanguageModel, draw: Draw, tokens: number): Promise<Choice[]> {
  const decoder = openDecoder(model, null)
  let row = await decoder.read(prompt, 'last')
  const choices: Choice[] = []
  for (let count = 0; count < tokens; count++) {
    choices.push(choose(row, { ...draw, position: draw.position + count }))
    row = await decoder.read([choices[count].id], 'last')
  }
  decoder.dispose()
  return choices
}

/** A pool whose text has read all of the prompt but the last token, which its continuation begins with. */
async function begun(model: LanguageModel) {
  const pool = new Pool(model, null, wholeStretch(model.config))
  const slot = pool.take()!
  await pool.read([{ slot, input: prompt.slice(0, -1), wanted: 'last' }])
  return { pool, slot }
}

async function goneOn(continuation: Continuation, tokens: number, ahead = tokens): Promise<Choice[]> {
  const choices: Choice[] = []
  for (let count = 0; count < tokens; count++)
    choices.push(await continuation.next(Math.min(ahead, tokens - count - 1)))
  return choices
}

const idsOf = (choices: readonly Choice[]) => choices.map(({ id }) => id)

describe.each(going)('a text that goes on by itself on %s', (machine) => {
  it.each(Object.entries(models))('has the ids that its rows give: %s', async (_, open) => {
    const model = await open(machine)
    const tokens = 20
    for (const [temperature, ahead] of drawsOn(machine, tokens)) {
      const expected = await rowByRow(model, drawn(temperature), tokens)
      const { pool, slot } = await begun(model)
      const continuation = new Continuation(pool, slot, prompt.at(-1)!, drawn(temperature))
      const choices = await goneOn(continuation, tokens, ahead)
      expect(idsOf(choices)).toEqual(idsOf(expected))
      choices.forEach(({ gap }, index) => void expect(Math.abs(gap - expected[index].gap)).toBeLessThan(1e-4))
      pool.dispose()
    }
  })

  it('is the processor’s also where the machine chose otherwise and says that it is not sure', async () => {
    const model = await randomModel(machine)
    const tokens = 24
    const expected = idsOf(await rowByRow(model, drawn(1.5), tokens))
    const { pool, slot } = await begun(model)
    const doubting = doubtful(pool, (position) => position % 5 === 0)
    const choices = await goneOn(new Continuation(doubting, slot, prompt.at(-1)!, drawn(1.5)), tokens)
    expect(idsOf(choices)).toEqual(expected)
    expect(doubting.doubted).toBeGreaterThanOrEqual(4)
    expect(doubting.others, 'the machine must have chosen otherwise').toBeGreaterThan(1)
    pool.dispose()
  })

  it('keeps what came after a doubt where the processor chooses the same', async () => {
    const model = await randomModel(machine)
    const expected = idsOf(await rowByRow(model, drawn(0), 16))
    const { pool, slot } = await begun(model)
    const doubting = doubtful(pool, (position) => position === 6, false)
    const choices = await goneOn(new Continuation(doubting, slot, prompt.at(-1)!, drawn(0)), 16)
    expect(idsOf(choices)).toEqual(expected)
    expect(doubting.doubted).toBe(1)
    expect(doubting.steps).toBe(16)
    pool.dispose()
  })

  it('ends where there is no room for more, and not before', async () => {
    const model = await randomModel(machine)
    const { pool, slot } = await begun(model)
    const continuation = new Continuation(pool, slot, prompt.at(-1)!, drawn(0))
    for (let position = 2; position < 32; position++) await continuation.next(1000)
    expect(slot.position).toBe(32)
    await expect(continuation.next(1000)).rejects.toThrow(RangeError)
    pool.dispose()
  })
})

/** A pool whose machine takes other noise at some positions, and then is not sure. */
function doubtful(pool: Pool, isInDoubt: (position: number) => boolean, errs = true) {
  const counted = { doubted: 0, others: 0, steps: 0 }
  return {
    ...counted,
    backend: pool.backend,
    stretch: pool.stretch,
    capacity: pool.capacity,
    trim: (slot: TextSlot, position: number) => pool.trim(slot, position),
    readAgain(slot: TextSlot, position: number, id: number) {
      this.doubted++
      return pool.readAgain(slot, position, id)
    },
    async goOn(slot: TextSlot, id: number | null, draws: readonly DrawNumbers[]) {
      this.steps += draws.length
      if (id !== null) this.others++
      const other = draws.map(
        ([seed, position, ...rest]) =>
          [errs && isInDoubt(position) ? seed + 1 : seed, position, ...rest] as const,
      )
      const { trail } = await pool.goOn(slot, id, other)
      const unsure = trail.then((numbers) => {
        const changed = numbers.slice()
        draws.forEach(([, position], place) => {
          if (isInDoubt(position)) changed[3 * place + 1] = 0
        })
        return changed
      })
      return { trail: unsure }
    },
  }
}

it('is not begun for draws that only the processor can make', () => {
  const pool = { backend: 'webgpu', stretch: wholeStretch({ layers: 2 }) } as const
  const draw = drawn(1)
  expect(isChosenThere(pool, draw)).toBe(true)
  expect(isChosenThere(pool, drawn(0))).toBe(true)
  for (const other of [{ topK: 5 }, { topP: 0.9 }, { temperature: 1e-9 }, { temperature: 1e9 }])
    expect(isChosenThere(pool, { ...draw, ...other })).toBe(false)
  expect(isChosenThere({ ...pool, backend: 'cpu' }, draw)).toBe(false)
  expect(isChosenThere({ ...pool, stretch: { ...pool.stretch, reads: 'hidden' } }, draw)).toBe(false)
})

describe('on a GPU', () => {
  const isThere = going.includes('webgpu')
  beforeEach(({ skip }) => skip(!isThere, noGpu))

  it('every eight tokens are read at once, in twelve bytes each, and nothing is waited for but that', async () => {
    const model = await randomModel('webgpu')
    const { pool, slot } = await begun(model)
    await goneOn(new Continuation(pool, slot, prompt.at(-1)!, drawn(0.9)), 2) // compiles
    pool.trim(slot, 2)
    const counts = counted()
    await goneOn(new Continuation(pool, slot, prompt.at(-1)!, drawn(0.9)), 24)
    counts.stop()
    expect(counts.maps).toBe(3)
    expect(counts.bytesRead).toBe(3 * 8 * 12)
    // Of a GPT-2 seven a layer; embedding, last norm, head and choice.
    expect(counts.dispatches).toBe(24 * (7 * model.config.layers + 4))
    pool.dispose()
  })

  it('a second reading is under way before the first has come', async () => {
    const { pool, slot } = await begun(await randomModel('webgpu'))
    let underWay = 0
    let most = 0
    const watched = {
      ...doubtful(pool, () => false),
      async goOn(...asked: Parameters<Pool['goOn']>) {
        const { trail } = await pool.goOn(...asked)
        most = Math.max(most, ++underWay)
        return { trail: trail.finally(() => underWay--) }
      },
    }
    await goneOn(new Continuation(watched, slot, prompt.at(-1)!, drawn(0)), 24)
    expect(most).toBe(2)
    pool.dispose()
  })
})

/** What is asked of the GPU from now on. */
function counted() {
  const counts = { dispatches: 0, maps: 0, bytesRead: 0, stop: () => undo.forEach((one) => void one()) }
  const undo: (() => void)[] = []
  const tap = (prototype: object, name: string, note: (self: unknown) => void): void => {
    const original = Reflect.get(prototype, name) as (...given: unknown[]) => unknown
    Reflect.set(prototype, name, function (this: unknown, ...given: unknown[]) {
      note(this)
      return original.apply(this, given)
    })
    undo.push(() => Reflect.set(prototype, name, original))
  }
  tap(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++)
  tap(GPUBuffer.prototype, 'mapAsync', (buffer) => {
    counts.maps++
    counts.bytesRead += (buffer as GPUBuffer).size
  })
  return counts
}
