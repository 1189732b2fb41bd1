/**
 * What a liar may send instead of what it has learned: pure transforms of an honest update, each known from the literature, so that a
 * room can be shown what it takes and what meets it (aggregation/robust/). A liar follows the protocol in everything else, and
 * sends numbers as anybody does. What it reads instead of its text is another matter (corpora/poison/).
 *
 * Sign flip sends what was learned backwards, three times as long. Scaling sends ten times what was learned (the boost of model
 * replacement, Bagdasaryan et al., arXiv 1807.00459). Random sends noise, three times as long as what was learned. Lazy sends
 * the first update that it ever made again and again. "A little is enough" (Baruch et al., arXiv 1902.06156) stays within what
 * is usual: μ - z σ sign(μ) of every number, where the paper's liars pool what they have learned to know μ and σ, and a liar here, who knows
 * no other, looks back on its own rounds.
 */
import type { Random } from '../../lib/rng'
import type { Tensor, TensorMap } from '../../model/safetensors'

/** What a liar knows beside its honest update. */
export interface Liar {
  readonly draw: Random
  /** Its honest updates of rounds before, of the same factors; oldest first. */
  readonly earlier: readonly TensorMap[]
}

/** Differences of factors by PEFT name in, of the same names and shapes out. */
export type UpdateAttack = (honest: TensorMap, liar: Liar) => TensorMap

const loudness = 3
const boost = 10
/** z: at a distance that an honest update is often at. */
const usualDeviations = 1.5

export const updateAttacks = {
  'sign-flip': (honest) => each(honest, ({ data }) => data.map((value) => -loudness * value)),
  scaling: (honest) => each(honest, ({ data }) => data.map((value) => boost * value)),
  random: (honest, { draw }) =>
    each(honest, ({ data }) => {
      const length = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length)
      return data.map(() => loudness * length * draw.gaussian())
    }),
  lazy: (honest, { earlier }) => earlier[0] ?? honest,
  'a-little': (honest, { earlier }) =>
    each(honest, ({ data }, name) => {
      const rounds = [...earlier.map((update) => update.get(name)!.data), data]
      return data.map((_, index) => {
        const values = rounds.map((round) => round[index])
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
        return mean - usualDeviations * Math.sqrt(variance) * Math.sign(mean)
      })
    }),
} as const satisfies Record<string, UpdateAttack>

export type UpdateAttackName = keyof typeof updateAttacks
export const updateAttackNames = Object.keys(updateAttacks) as readonly UpdateAttackName[]

export const isUpdateAttack = (name: string): name is UpdateAttackName => Object.hasOwn(updateAttacks, name)

const each = (update: TensorMap, change: (tensor: Tensor, name: string) => Float32Array): TensorMap =>
  new Map([...update].map(([name, tensor]) => [name, { shape: tensor.shape, data: change(tensor, name) }]))
