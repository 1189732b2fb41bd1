/** O21: what several texts are given in one pass is, to the bit, what each is given alone. */
import { describe, expect, it } from 'vitest'
import { machines } from '../kernels/machines/testing'
import { random } from '../lib/rng'
import { openOn, randomModel, randomModelFiles } from '../training/testing'
import type { Adapter } from './adapter'
import { openDecoder } from './decoder'
import type { LanguageModel } from './languageModel'
import { initialAdapter, targetsFor } from './lora'
import { oracleModel } from './oracle'
import { Pool, type TextSlot } from './pool'
import { decodeSafetensors } from './safetensors'
import { type Stretch, wholeStretch } from './stretch'

const models = {
  'a GPT-2': randomModel,
  'a LLaMA': (machine: string) => openOn(machine, oracleModel('llama-tied-sharded').files),
  'a Qwen2': (machine: string) => openOn(machine, oracleModel('qwen2-tied-sharded').files),
  'a Qwen3': (machine: string) => openOn(machine, oracleModel('qwen3-tied-sharded').files),
}
const everywhere = [...(await machines()).keys()]
/** tfjs' own wasm backend multiplies rows in blocks of several; there it is close. */
const exactMachines = everywhere.filter((name) => name !== 'tfjs-wasm')

/** An adapter whose B is not zero; the targets of a LLaMA are other names of the same. */
function someAdapter({ config }: LanguageModel): Adapter {
  const targets = targetsFor(config.family, ['c_attn', 'c_proj', 'c_fc'])
  const adapter = initialAdapter(config, { rank: 2, alpha: 4, targets }, 1)
  const { next } = random(5)
  const moved = [...adapter.tensors].map(
    ([name, { shape, data }]) => [name, { shape, data: data.map((value) => value + 0.1 * next()) }] as const,
  )
  return { ...adapter, tensors: new Map(moved) }
}

/** A GPU in software takes minutes for what the others do in seconds. */
const adaptersOn = (machine: string, model: LanguageModel): (Adapter | null)[] =>
  machine === 'webgpu' ? [someAdapter(model)] : [null, someAdapter(model)]

/** A pass: what the texts A to D read, and where one that went astray goes on. */
interface Pass {
  readonly rows: Readonly<Record<string, readonly number[]>>
  readonly trims?: Readonly<Record<string, number>>
  readonly wanted: 'each' | 'last'
}
/** D comes late, where there is no room for it yet; B pauses; A and C go back. */
const passes: readonly Pass[] = [
  { rows: { A: [1, 30, 7], B: [2] }, wanted: 'last' },
  { rows: { C: [9, 9, 4, 12, 50], A: [44] }, wanted: 'each' },
  { rows: { D: [5, 6], C: [3], A: [8, 9, 10] }, trims: { A: 3, C: 2 }, wanted: 'each' },
  { rows: { D: [1], C: [2], B: [3], A: [4] }, wanted: 'last' },
]

describe.each(exactMachines)('texts in one pass on %s', (machine) => {
  it.each(Object.entries(models))('have the bits that they have alone: %s', async (_, open) => {
    const model = await open(machine)
    for (const adapter of adaptersOn(machine, model)) {
      const pool = new Pool(model, adapter, wholeStretch(model.config))
      const slots = new Map<string, TextSlot>()
      const alone = new Map<string, ReturnType<typeof openDecoder>>()
      for (const { rows, trims = {}, wanted } of passes) {
        for (const name of Object.keys(rows))
          if (!slots.has(name)) {
            slots.set(name, await placeIn(pool))
            alone.set(name, openDecoder(model, adapter))
          }
        for (const [name, to] of Object.entries(trims)) {
          pool.trim(slots.get(name)!, to)
          alone.get(name)!.trim(to)
        }
        const readings = Object.entries(rows).map(([name, input]) => ({
          slot: slots.get(name)!,
          input,
          wanted,
        }))
        const together = await pool.read(readings)
        for (const [index, [name, input]] of Object.entries(rows).entries()) {
          expect(together[index], `${name} ${input}`).toEqual(await alone.get(name)!.read(input, wanted))
          expect(slots.get(name)!.position).toBe(alone.get(name)!.position)
        }
      }
      for (const decoder of [pool, ...alone.values()]) decoder.dispose()
    }
  })
})

it('has each text’s bits whatever becomes of the others: a hundred passes of texts that come, go on, go back and leave', async () => {
  const model = await randomModel('wasm')
  const { next } = random(21)
  const below = (count: number): number => Math.floor(next() * count)
  const pool = new Pool(model, null, wholeStretch(model.config))
  let texts: { slot: TextSlot; alone: ReturnType<typeof openDecoder> }[] = []
  let together = 0
  for (let pass = 0; pass < 100; pass++) {
    if (texts.length < 6 && below(4) === 0)
      texts.push({ slot: await placeIn(pool), alone: openDecoder(model, null) })
    const leaving = texts.length > 1 && below(8) === 0 ? texts[below(texts.length)] : null
    if (leaving) {
      pool.close(leaving.slot)
      leaving.alone.dispose()
      texts = texts.filter((text) => text !== leaving)
    }
    for (const { slot, alone } of texts) {
      if (slot.position < 24 && below(5) > 0) continue
      const to = below(slot.position + 1)
      pool.trim(slot, to)
      alone.trim(to)
    }
    const going = texts
      .filter(({ slot }) => slot.position < 24 && below(3) > 0)
      .map((text) => ({
        ...text,
        input: Array.from({ length: 1 + below(8) }, () => below(64)),
        wanted: 'each' as const,
      }))
    if (going.length === 0) continue
    together += going.length > 1 ? 1 : 0
    going.sort(() => next() - 0.5)
    const read = await pool.read(going)
    for (const [place, { alone, input, wanted }] of going.entries())
      expect(read[place]).toEqual(await alone.read(input, wanted))
  }
  expect(together).toBeGreaterThan(30)
  pool.dispose()
})

/** A slot, where need be in more room than there was. */
async function placeIn(pool: Pool): Promise<TextSlot> {
  for (;;) {
    const slot = pool.take()
    if (slot) return slot
    await pool.grow()
  }
}

describe('a pool', () => {
  const whole = { layers: { from: 0, to: 2 }, reads: 'ids', gives: 'logits' } as const

  it('has one place, makes room for two, four and eight, and gives a closed text’s place to the next', async () => {
    const model = await randomModel('wasm')
    const pool = new Pool(model, null, whole)
    const slots = [await placeIn(pool)]
    expect(pool.take()).toBeNull()
    while (slots.length < 5) slots.push(await placeIn(pool))
    expect(slots.map(({ place }) => place)).toEqual([0, 1, 2, 3, 4])
    await pool.read([{ slot: slots[1], input: [4, 5], wanted: 'last' }])
    pool.close(slots[1])
    const next = pool.take()!
    expect(next).toMatchObject({ place: 1, position: 0 })
    pool.close(slots[1]) // once is enough: the place is another's
    expect(() => pool.trim(slots[1], 0)).toThrow(/closed already/)
    const fresh = openDecoder(model, null)
    const [read] = await pool.read([{ slot: next, input: [9], wanted: 'last' }])
    expect(read).toEqual(await fresh.read([9], 'last'))
    for (const one of [pool, fresh]) one.dispose()
  })

  it('holds what it needs and nothing after it is disposed of, however often it has grown', async () => {
    const model = await randomModel('wasm')
    const bytes = () => model.machine.bytesHeld()
    const warm = new Pool(model, null, whole) // scratch that stays
    await warm.read([{ slot: warm.take()!, input: Array(32).fill(1), wanted: 'each' }])
    warm.dispose()
    const before = bytes()
    const pool = new Pool(model, null, whole)
    for (let count = 0; count < 9; count++)
      await pool.read([{ slot: await placeIn(pool), input: [1], wanted: 'last' }])
    const cacheBytes = 16 * 2 * 2 * 32 * 16 * 4 // slots, layers, keys and values, positions, width, bytes
    expect(bytes() - before).toBeGreaterThan(cacheBytes)
    expect(bytes() - before).toBeLessThan(cacheBytes + 20_000)
    pool.dispose()
    expect(bytes()).toBe(before)
  })

  it('refuses too many rows, none, a text twice and a text that is full, and stays as it was', async () => {
    const model = await randomModel('wasm')
    const pool = new Pool(model, null, whole)
    const slots = [await placeIn(pool), await placeIn(pool), await placeIn(pool)]
    const wanted = 'last'
    const all = slots.map((slot) => ({ slot, input: Array<number>(22).fill(1), wanted }) as const)
    await expect(pool.read(all)).rejects.toThrow(/at most 64 rows, not 66/)
    await expect(pool.read([all[0], all[0]])).rejects.toThrow(/once in a pass/)
    await expect(pool.read([all[0], { slot: slots[1], input: [], wanted }])).rejects.toThrow(/cannot read 0/)
    const long = { slot: slots[1], input: Array<number>(33).fill(1), wanted } as const
    await expect(pool.read([all[0], long])).rejects.toThrow(/32 positions cannot read 33/)
    expect(slots.map(({ position }) => position)).toEqual([0, 0, 0])
    pool.dispose()
  })
})

const hiddenStretch = (from: number, to: number): Stretch => ({
  layers: { from, to },
  reads: 'hidden',
  gives: 'hidden',
})
const rowsFrom = (seed: number, count: number, width: number): Float32Array => {
  const { next } = random(seed)
  return Float32Array.from({ length: count * width }, () => 2 * next() - 1)
}

describe.each(exactMachines)('filling on %s', (machine) => {
  it.each(Object.entries(models))(
    'leaves in each layer what it would keep of rows that reach it unchanged, and is read on from: %s',
    async (_, open) => {
      const model = await open(machine)
      const { layers, width } = model.config
      for (const adapter of adaptersOn(machine, model))
        for (const filled of machine === 'webgpu' ? [3] : [1, 3, 7]) {
          const pool = new Pool(model, adapter, hiddenStretch(0, layers))
          const [slot, beside] = [await placeIn(pool), await placeIn(pool)]
          const each = Array.from({ length: layers }, (_, layer) =>
            openDecoder(model, adapter, hiddenStretch(layer, layer + 1)),
          )
          const through = async (rows: Float32Array) => {
            let x = rows
            for (const layer of each) x = await layer.read(x, 'each')
            return x
          }
          const read = async (input: Float32Array) => (await pool.read([{ slot, input, wanted: 'each' }]))[0]
          const [first, skipped, next, other] = [2, filled, 4, 5].map((count, seed) =>
            rowsFrom(seed, count, width),
          )
          expect(await read(first)).toEqual(await through(first))
          // What is trimmed away is filled, and what was filled is trimmed away.
          await pool.fill([{ slot, input: other }])
          pool.trim(slot, 1)
          for (const layer of each) layer.trim(1)
          await pool.fill([
            { slot: beside, input: other },
            { slot, input: skipped },
          ])
          for (const layer of each) await layer.read(skipped, 'each')
          expect(await read(next)).toEqual(await through(next))
          expect(slot.position).toBe(1 + filled + 4)
          for (const one of [pool, ...each]) one.dispose()
        }
    },
  )
})

describe('filling', () => {
  it('keeps the keys and values of the definition, in 64 bits', async () => {
    const model = await randomModel('wasm')
    const { tensors } = decodeSafetensors(randomModelFiles().weights)
    const { width, contextLength } = model.config
    const [rows, at] = [5, 3]
    const x = rowsFrom(1, rows, width)
    const workspace = model.open(null)
    const caches = { slots: 2, capacity: contextLength }
    const filling = await workspace.filling({ layers: { from: 1, to: 2 }, rows, ...caches })
    await filling.run({ hidden: x, spans: Int32Array.of(0, 0, at, rows) })
    const cache = await workspace.session.read('cache.1')
    const numbers = (name: string) => tensors.get(`h.1.${name}`)!.data
    const [gain, offset] = [numbers('ln_1.weight'), numbers('ln_1.bias')]
    const [weight, bias] = [numbers('attn.c_attn.weight'), numbers('attn.c_attn.bias')]
    for (let row = 0; row < rows; row++) {
      const own = [...x.subarray(row * width, (row + 1) * width)]
      const mean = own.reduce((sum, value) => sum + value) / width
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width
      const normal = own.map(
        (value, n) => ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[n] + offset[n],
      )
      for (const half of [0, 1])
        for (let channel = 0; channel < width; channel++) {
          const column = (half + 1) * width + channel
          const expected = normal.reduce(
            (sum, value, n) => sum + value * weight[n * 3 * width + column],
            bias[column],
          )
          const place = ((2 + half) * contextLength + at + row) * width + channel
          expect(Math.abs(cache[place] - expected)).toBeLessThan(1e-5)
        }
    }
    expect(cache.subarray(0, 2 * contextLength * width).every((value) => value === 0)).toBe(true)
    workspace.session.dispose()
  })

  it('of no layers computes nothing, and the text goes on', async () => {
    const model = await randomModel('wasm')
    const pool = new Pool(model, null, { layers: { from: 2, to: 2 }, reads: 'hidden', gives: 'logits' })
    const slot = pool.take()!
    const before = model.machine.bytesHeld()
    await pool.fill([{ slot, input: rowsFrom(1, 3, model.config.width) }])
    expect(slot.position).toBe(3)
    expect(model.machine.bytesHeld()).toBe(before)
    pool.dispose()
  })
})
