/** What the tests of robust rules share: honest rounds with liars among them, and the models as dense matrices, as an oracle. */
import { random } from '../../../lib/rng'
import { multiply, scaled } from '../algebra/matrix'
import { changeOf } from '../algebra/models'
import { denseOf, randomRound } from '../rules/testing'
import type { LoraUpdate } from '../types'

/** What an update changes, all numbers of all layers in one row. */
export const flat = (update: LoraUpdate): Float64Array =>
  Float64Array.from([...denseOf(changeOf(update)).values()].flatMap(({ data }) => [...data]))

/** Σ shareᵢ xᵢ */
export const mixed = (all: readonly Float64Array[], shares: readonly number[]): Float64Array =>
  all[0].map((_, at) => all.reduce((sum, x, own) => sum + shares[own] * x[at], 0))

export const far = (x: Float64Array, y: Float64Array): number =>
  Math.sqrt(x.reduce((sum, value, at) => sum + (value - y[at]) ** 2, 0))

/** Of the mean of their changes, by weight, over the updates as they count. */
export const counted = (updates: readonly LoraUpdate[]): Float64Array =>
  mixed(
    updates.map(flat),
    updates.map(({ weight }) => weight),
  )

/** Devices that have learned nearly the same, and after them liars whose changes are `length` times as long, in one direction. */
export function roundWithLiars(
  seed: number,
  honest: number,
  liars: number,
  length: number,
  moves = { a: true, b: true },
): readonly LoraUpdate[] {
  const { updates } = randomRound(seed, honest + liars, undefined, moves)
  const [common] = updates
  const [lie] = randomRound(seed + 1, 1, undefined, moves).updates
  const draws = random(seed, 'liars')
  return updates.map((update, at) => ({
    ...update,
    weight: 1 / updates.length,
    delta: new Map(
      [...common.delta].map(([name, { shape, data }]) => {
        const own = update.delta.get(name)!.data
        const other = lie.delta.get(name)!.data
        const next =
          at < honest
            ? data.map((value, index) => value + 0.1 * own[index])
            : other.map((value) => length * value * (1 + 1e-3 * draws.next()))
        return [name, { shape, data: next }]
      }),
    ),
  }))
}

/** The same model in another basis: B G and G⁻¹ A with G = [[g, g/2], [0, 1/g]], for rank 2. */
export function regauged(update: LoraUpdate, g: number): LoraUpdate {
  const gauge = { rows: 2, columns: 2, data: Float64Array.of(g, g / 2, 0, 1 / g) }
  const inverse = { rows: 2, columns: 2, data: Float64Array.of(1 / g, -g / 2, 0, g) }
  const delta = new Map(
    [...update.start.tensors].map(([name, { shape, data }]) => {
      const end = scaled({ rows: shape[0], columns: shape[1], data: Float64Array.from(data) }, 1)
      const own = update.delta.get(name)?.data
      if (own) for (const [at, value] of own.entries()) end.data[at] += value
      const turned = name.includes('lora_A') ? multiply(inverse, end) : multiply(end, gauge)
      return [name, { shape, data: turned.data.map((value, at) => value - data[at]) }] as const
    }),
  )
  return { ...update, delta }
}
