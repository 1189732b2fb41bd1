/**
 * The token that follows, chosen where its logits are: per row the largest of logits / temperature + noise (of logits, where the
 * temperature is 0), of equals the lowest id. The noise is that of `model/sampling.ts`, a function of seed, position and token.
 * What is left is one id, for the next step to read, and in a `trail` that is read once in a while three numbers: the id, by how much
 * it won, and the size of the largest score, from which `doubt.ts` tells whether the processor would have chosen so, too.
 */
import * as tf from '@tensorflow/tfjs-core'
import { gumbel } from '../../lib/gumbel'
import { philox } from '../../lib/philox'
import type { Kernel } from '../kernel'
import { columnsOf } from '../products/composites'
import type { ProgramBuilder, Value } from '../program'
import { constants, declare, float, main, reduction, spread } from '../wgsl/text'
import { odd, oddBits } from './doubt'
import { gumbelNoise } from './noise'

export type ChooseOperands = {
  readonly logits: Value // [row, vocabulary or more]
  /** Of each row `drawNumbers`. */
  readonly draws: Value // [row, 4] int32
  readonly trail: Value // [place, 3]
}

export interface ChooseAttributes {
  readonly vocabulary: number
}

export type ChooseResults = {
  /** In place: id, gap and largest score of each row, at its place. */
  readonly trail: Value // [place, 3]
  readonly ids: Value // [row] int32
}

/** Ids are floats in the trail. */
export const mostTokens = 2 ** 24

/** What stands in `draws` of a row: seed, position, the bits of 1 / temperature (0: the largest logit), place in the trail. */
export function drawNumbers(
  { seed, position, temperature }: Readonly<Record<'seed' | 'position' | 'temperature', number>>,
  place: number,
): readonly [number, number, number, number] {
  const factor = temperature === 0 ? 0 : 1 / temperature
  return [seed | 0, position | 0, new Int32Array(Float32Array.of(factor).buffer)[0], place]
}

/** Overwrites the rows' places in the trail. `into` may say where the ids are written to. */
export function chooseToken(
  program: ProgramBuilder,
  operands: ChooseOperands,
  attributes: ChooseAttributes,
  into: { readonly ids?: Value } = {},
): ChooseResults {
  return program.call(chooseTokenKernel, operands, attributes, into)
}

/** Less than any score. */
const lowest = -3e38

/** Invocations per row. */
const invocations = 256

export const chooseTokenKernel: Kernel<ChooseOperands, ChooseResults, ChooseAttributes> = {
  name: 'chooseToken',

  outputs({ draws, trail }, { vocabulary }) {
    if (vocabulary > mostTokens)
      throw new RangeError(`Among ${vocabulary} tokens none can be chosen here, only among ${mostTokens}.`)
    return { trail, ids: { shape: [draws.shape[0]], type: 'int32' } }
  },

  inPlace: { trail: 'trail' },

  composite({ logits, draws, trail }, { vocabulary }) {
    const counted = columnsOf(logits, 0, vocabulary)
    const rows = rowsOf(draws.dataSync() as Int32Array)
    const factor = tf.tensor2d(
      rows.map(({ factor }) => [factor || 1]),
      [rows.length, 1],
    )
    const isOdd = tf.logicalNot(tf.less(tf.abs(counted), 2 ** 64)) // also what is no number
    const scaled = tf.mul(tf.where(isOdd, tf.zerosLike(counted), counted), factor)
    const sizes = tf.where(isOdd, tf.fill(counted.shape, odd), tf.abs(scaled))
    const noise = tf.tensor2d(
      rows.flatMap((row) => noiseOf(row, vocabulary)),
      [rows.length, vocabulary],
    )
    const scores = tf.add(scaled, noise)
    const ids = tf.argMax(scores, 1) // [row]
    const isChosen = tf.equal(tf.range(0, vocabulary, 1, 'int32'), tf.expandDims(ids, 1))
    const second = tf.max(tf.where(isChosen, tf.fill(counted.shape, lowest), scores), 1)
    const gap = tf.sub(tf.max(scores, 1), second)
    const found = tf.stack([tf.cast(ids, 'float32'), gap, tf.max(sizes, 1)], 1) // [row, 3]
    const [places] = trail.shape
    const sources = Int32Array.from({ length: places }, (_, place) => {
      const row = rows.findIndex((row) => row.place === place)
      return row === -1 ? place : places + row
    })
    return { trail: tf.gather(tf.concat([trail, found]), tf.tensor1d(sources, 'int32')), ids }
  },

  shader({ inputs: { logits, draws }, attributes: { vocabulary } }) {
    const [rows] = draws.shape
    const bindings = [
      { operand: 'logits', access: 'read', type: 'u32' }, // as bits: no compiler may doubt that all are numbers
      { operand: 'draws', access: 'read', type: 'vec4i' },
      { operand: 'trail', access: 'read_write', type: 'f32' },
      { operand: 'ids', access: 'read_write', type: 'i32' },
    ] as const
    const code = `${declare(bindings)}${constants({
      vocabulary,
      stride: logits.shape[1],
      lowest: float(lowest),
    })}${gumbelNoise}
// Best score, second score, id of the best, size of the largest.
fn better(one: vec4f, other: vec4f) -> vec4f {
  let isOther = other.x > one.x || (other.x == one.x && other.z < one.z);
  let winner = select(one, other, isOther);
  let loser = select(other, one, isOther);
  return vec4f(winner.x, max(winner.y, loser.x), winner.z, max(one.w, other.w));
}
${reduction('best', 'vec4f', invocations, 'better(one, other)')}
${main(
  invocations,
  rows,
  `  let draw = draws[group];
  let isGreedy = draw.z == 0;
  let factor = select(bitcast<f32>(draw.z), 1.0, isGreedy);
  var race = vec4f(lowest, lowest, 0.0, 0.0);
  for (var block = local; 4u * block < vocabulary; block += ${invocations}u) {
    var words = vec4u();
    if (!isGreedy) { words = philox(vec4u(u32(draw.y), block, 0u, 0u), vec2u(u32(draw.x), 0u)); }
    for (var lane = 0u; lane < min(4u, vocabulary - 4u * block); lane++) {
      let token = 4u * block + lane;
      let bits = logits[group * stride + token];
      let isOdd = (bits & 0x7fffffffu) >= ${oddBits}u;
      let scaled = factor * bitcast<f32>(select(bits, 0u, isOdd));
      var score = scaled;
      if (!isGreedy) { score += gumbel(words[lane]); }
      race = better(race, vec4f(score, lowest, f32(token), select(abs(scaled), ${float(odd)}, isOdd)));
    }
  }
  race = best(race, local);
  if (local == 0u) {
    let place = 3u * u32(draw.w);
    trail[place] = race.z;
    trail[place + 1u] = race.x - race.y;
    trail[place + 2u] = race.w;
    ids[group] = i32(race.z);
  }`,
)}`
    return { code, bindings, groups: spread(rows) }
  },

  simd({ inputs: { logits, draws }, outputs: { trail, ids }, attributes: { vocabulary } }, at, module) {
    const [rows] = draws.shape
    module.chooseToken(at(logits), logits.shape[1], at(draws), at(trail), at(ids), rows, vocabulary)
  },
}

interface DrawRow {
  readonly seed: number
  readonly position: number
  /** 0: the largest logit. */
  readonly factor: number
  readonly place: number
}

const rowsOf = (draws: Int32Array): readonly DrawRow[] =>
  Array.from({ length: draws.length / 4 }, (_, row) => {
    const [seed, position, bits, place] = draws.subarray(4 * row, 4 * row + 4)
    return { seed, position, factor: new Float32Array(Int32Array.of(bits).buffer)[0], place }
  })

const noiseOf = ({ seed, position, factor }: DrawRow, vocabulary: number): number[] =>
  Array.from({ length: vocabulary }, (_, token) =>
    factor === 0 ? 0 : gumbel(philox([position >>> 0, token >>> 2, 0, 0], [seed >>> 0, 0])[token % 4]),
  )
