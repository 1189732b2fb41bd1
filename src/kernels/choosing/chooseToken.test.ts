/** Wherever a machine's choice is further ahead than its floats may be off by, it is the processor's. */
import { describe, expect, it } from 'vitest'
import { gumbel } from '../../lib/gumbel'
import { philox } from '../../lib/philox'
import { random } from '../../lib/rng'
import { choose } from '../../model/sampling'
import { machines, runOn } from '../machines/testing'
import { ProgramBuilder } from '../program'
import { chooseToken, drawNumbers } from './chooseToken'
import { leastGap } from './doubt'

type Draw = Parameters<typeof drawNumbers>[0]

const { next } = random(77)
const below = (count: number): number => Math.floor(count * next())
const everywhere = [...(await machines()).keys()]

interface Given {
  readonly logits: Float32Array
  readonly draw: Draw
}

interface Chosen {
  readonly id: number
  readonly gap: number
  readonly largest: number
  /** Whether it may be believed. */
  readonly isSure: boolean
}

/** What a machine makes of rows of equal width, in one call; each goes to the place of its number. */
async function chosenOn(machine: string, rows: readonly Given[], stride: number): Promise<Chosen[]> {
  const vocabulary = rows[0].logits.length
  const logits = new Float32Array(rows.length * stride).fill(1e9) // what pads them wins nothing
  rows.forEach((row, index) => void logits.set(row.logits, index * stride))
  const draws = Int32Array.from(rows.flatMap(({ draw }, row) => drawNumbers(draw, rows.length - 1 - row)))
  const build = (p: ProgramBuilder) =>
    chooseToken(
      p,
      {
        logits: p.input('logits', [rows.length, stride]),
        draws: p.input('draws', [rows.length, 4], 'int32'),
        trail: p.state('trail', [rows.length, 3]),
      },
      { vocabulary },
    )
  const { trail, ids } = await runOn((await machines()).get(machine)!, build, { logits, draws })
  // A machine's results are read as floats, whatever they are; tfjs has them as numbers already.
  const isTfjs = ids instanceof Int32Array
  const found = isTfjs ? ids : new Int32Array(ids.buffer, ids.byteOffset, ids.length)
  return rows.map(({ draw }, row) => {
    const [id, gap, largest] = trail.subarray(3 * (rows.length - 1 - row))
    expect(found[row]).toBe(id)
    return { id, gap, largest, isSure: gap > leastGap(largest, draw.temperature) }
  })
}

const temperatures = [0, 0.05, 0.7, 1, 1.3, 40]
const someDraw = (): Draw => ({
  temperature: temperatures[below(temperatures.length)],
  seed: below(2 ** 32),
  position: below(2 ** 20),
})

/** As a model gives them: many far below, some close together. */
const someLogits = (vocabulary: number): Float32Array => {
  const level = 120 * (next() - 0.7)
  return Float32Array.from({ length: vocabulary }, () => level + 9 * next() ** 3)
}

/** Logits of which every score is about the same, apart by as little as `spread`. */
function nearlyTied(vocabulary: number, draw: Draw, spread: number): Float32Array {
  const { temperature, seed, position } = draw
  return Float32Array.from({ length: vocabulary }, (_, token) => {
    if (temperature === 0) return -40 + spread * next()
    const noise = gumbel(philox([position, token >>> 2, 0, 0], [seed, 0])[token % 4])
    return temperature * (-30 + spread * next() - noise)
  })
}

describe.each(everywhere)('the token chosen on %s', (machine) => {
  it.each([
    [1, 1],
    [3, 3],
    [64, 64],
    [517, 520],
    [1021, 1024],
  ])('is the processor’s among %i, in rows of %i', async (vocabulary, stride) => {
    const rows = Array.from({ length: 12 }, () => ({ logits: someLogits(vocabulary), draw: someDraw() }))
    for (const [row, chosen] of (await chosenOn(machine, rows, stride)).entries()) {
      const { logits, draw } = rows[row]
      const expected = choose(logits, draw)
      if (chosen.isSure) expect(chosen.id).toBe(expected.id)
      const error = leastGap(chosen.largest, draw.temperature) + 2 ** -22 * expected.gap
      if (vocabulary > 1) expect(Math.abs(chosen.gap - expected.gap)).toBeLessThanOrEqual(error)
      const largest = logits.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0)
      expect(chosen.largest / (largest / (draw.temperature || 1))).toBeCloseTo(1, 6)
    }
  })

  it('is never believed where it is another, among scores that are nearly the same', async () => {
    const [vocabulary, perSpread] = [96, 40]
    let [believed, others] = [0, 0]
    for (const spread of [1e-6, 1e-5, 1e-4, 1e-3, 1e-1, 10]) {
      const rows = Array.from({ length: perSpread }, () => {
        const draw = someDraw()
        return { draw, logits: nearlyTied(vocabulary, draw, spread) }
      })
      for (const [row, { id, isSure }] of (await chosenOn(machine, rows, vocabulary)).entries()) {
        const expected = choose(rows[row].logits, rows[row].draw)
        if (isSure) expect(id).toBe(expected.id)
        believed += isSure ? 1 : 0
        others += id === expected.id ? 0 : 1
      }
    }
    expect(believed).toBeGreaterThan(perSpread / 2)
    expect(others, 'some choices must have been worth doubting').toBeGreaterThan(0)
  })

  it('is the largest noise where all logits are the same: words, noise and ends of the scale', async () => {
    const rows = Array.from({ length: 24 }, (_, row) => ({
      logits: new Float32Array(640),
      draw: {
        temperature: 1,
        seed: row % 2 ? 2 ** 32 - 1 - row : row,
        position: row % 3 ? row : 2 ** 31 - row,
      },
    }))
    for (const [row, { id, gap }] of (await chosenOn(machine, rows, 640)).entries()) {
      const expected = choose(rows[row].logits, rows[row].draw)
      expect(id).toBe(expected.id)
      expect(Math.abs(gap - expected.gap)).toBeLessThan(2 ** -15)
    }
  })

  it('is left to the processor where it is tied, and where a logit is no number, endless or huge', async () => {
    const row = (...logits: number[]): Given[] =>
      [0, 1].map((temperature) => ({
        logits: Float32Array.from(logits),
        draw: { temperature, seed: 1, position: 2 },
      }))
    const [tied] = await chosenOn(machine, [row(1, 5, 5, 0)[0]], 4)
    expect(tied).toMatchObject({ id: 1, gap: 0, isSure: false })
    for (const strange of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e20, -1e20])
      for (const { isSure, id } of await chosenOn(machine, row(1, 2, strange, 300), 4)) {
        expect(isSure, `${strange}`).toBe(false)
        expect(id).toBeLessThan(4)
      }
    for (const { isSure } of await chosenOn(machine, row(1, 2, 1e-44, 300), 4)) expect(isSure).toBe(true)
  })
})

it('refuses more tokens than a float can name', () => {
  const among = (vocabulary: number) => () => {
    const p = new ProgramBuilder()
    const [logits, draws] = [p.input('logits', [1, vocabulary]), p.input('draws', [1, 4], 'int32')]
    chooseToken(p, { logits, draws, trail: p.state('trail', [1, 3]) }, { vocabulary })
  }
  expect(among(2 ** 24)).not.toThrow()
  expect(among(2 ** 24 + 1)).toThrow(RangeError)
})
