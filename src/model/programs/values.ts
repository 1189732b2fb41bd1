/**
 * A model's numbers as values of one program: weights by their names (model/weights.ts), the factors of an adapter as parts
 * of one flat state, their gradients as parts of another. Program text asks for what it needs by place; nothing is
 * mentioned in a program that no line uses.
 */
import type { Segment } from '../../kernels/products/linear'
import type { ProgramBuilder, Value, WeightFormat } from '../../kernels/program'
import type { ModelConfig } from '../config'
import type { AdapterLayout, LinearName } from '../lora'

/** The factors of one linear layer: a [rows, in], and b, all segments end to end. */
export interface FactorValues {
  readonly a: Value
  readonly b: Value
  readonly rows: number
  readonly segments: readonly Segment[]
}

export interface ModelValues {
  readonly config: ModelConfig
  readonly normAttributes: { readonly kind: 'layer' | 'rms'; readonly epsilon: number }
  /** [vocabulary, width], in pieces where a GPU cannot bind the whole. */
  readonly tokens: readonly Shard[]
  /** The same for the head, which may be the token embedding again. */
  readonly head: readonly Shard[]
  /** [context, width], null for rotary positions. */
  readonly positions: Value | null
  /** [context, head width], null for learned positions. */
  readonly rope: Value | null
  readonly scale: number
  /** Which factors learn. */
  readonly learns: { readonly a: boolean; readonly b: boolean }
  /** The place of the lowest adapted layer. */
  readonly lowest: number
  norm(block: number | 'final', which: 'norm1' | 'norm2' | 'finalNorm'): { gain: Value; offset: Value | null }
  linear(block: number, name: LinearName): { weight: Value; bias: Value | null }
  /** Of queries, then of keys [2 head width]; null where heads are not normalised. */
  headGains(block: number): Value | null
  factors(block: number, name: LinearName): FactorValues | null
  readonly gradients: {
    a(block: number, name: LinearName): Value
    b(block: number, name: LinearName): Value
  }
}

/** Rows `firstRow` and following of a matrix as high as the vocabulary. */
export interface Shard {
  readonly value: Value
  readonly firstRow: number
}

/** How matrices are kept on the machine. */
export interface ModelShape {
  readonly config: ModelConfig
  readonly format: WeightFormat
  /** Rows of a shard of the token embedding and the head; the vocabulary where they are whole. */
  readonly shardRows: number
}

/** The shards of a matrix as high as the vocabulary: names of weights, and their rows. */
export const shardsOf = (name: string, vocabulary: number, shardRows: number) =>
  Array.from({ length: Math.ceil(vocabulary / shardRows) }, (_, index) => ({
    name: shardRows >= vocabulary ? name : `${name}.${index}`,
    firstRow: index * shardRows,
    rows: Math.min(shardRows, vocabulary - index * shardRows),
  }))

export interface AdapterValues {
  readonly layout: AdapterLayout
  readonly learns: { readonly a: boolean; readonly b: boolean }
}

/** Throws nothing; names that the machine's weights lack show when the program is compiled. */
export function modelValues(
  p: ProgramBuilder,
  { config, format, shardRows }: ModelShape,
  adapter: AdapterValues | null,
): ModelValues {
  const { family, vocabulary, contextLength, width, heads, keyValueHeads, headWidth, innerWidth } = config
  const { qkvBias, headNorms } = config
  const isGpt2 = family === 'gpt2'
  const hasBias = (name: LinearName): boolean => (name === 'qkv' ? qkvBias : isGpt2)
  const sizes: Record<LinearName, readonly [number, number]> = {
    qkv: [(heads + 2 * keyValueHeads) * headWidth, width],
    attentionOut: [width, heads * headWidth],
    up: isGpt2 ? [innerWidth, width] : [2 * innerWidth, width],
    down: [width, innerWidth],
  }
  const shards = (name: string): Shard[] =>
    shardsOf(name, vocabulary, shardRows).map(({ name, rows, firstRow }) => ({
      value: p.weight(name, [rows, width], format),
      firstRow,
    }))
  const layout = adapter?.layout ?? null
  const parameters = () => p.state('parameters', [layout!.size])
  const gradient = () => p.state('gradient', [layout!.size])
  const adapted = (block: number, name: LinearName) => layout?.linears[block][name] ?? null
  const partA = (of: Value, block: number, name: LinearName): Value => {
    const { aOffset, rows, inSize } = adapted(block, name)!
    return p.part(of, aOffset, [rows, inSize])
  }
  const partB = (of: Value, block: number, name: LinearName): Value => {
    const { bOffset, bSize } = adapted(block, name)!
    return p.part(of, bOffset, [bSize])
  }
  return {
    config,
    normAttributes: { kind: isGpt2 ? 'layer' : 'rms', epsilon: config.normEpsilon },
    get tokens() {
      return shards('tokens')
    },
    get head() {
      return shards(config.tiedHead ? 'tokens' : 'head')
    },
    get positions() {
      return isGpt2 ? p.weight('positions', [contextLength, width]) : null
    },
    get rope() {
      return config.rope ? p.weight('rope', [contextLength, headWidth]) : null
    },
    scale: layout?.scale ?? 0,
    learns: adapter?.learns ?? { a: false, b: false },
    lowest: layout?.lowest ?? Number.POSITIVE_INFINITY,
    norm(block, which) {
      const name = block === 'final' ? 'finalNorm' : `h.${block}.${which}`
      return {
        gain: p.weight(`${name}.gain`, [width]),
        offset: isGpt2 ? p.weight(`${name}.offset`, [width]) : null,
      }
    },
    linear(block, name) {
      const weightName = `h.${block}.${name === 'up' && !isGpt2 ? 'gateUp' : name}`
      return {
        weight: p.weight(weightName, sizes[name], format),
        bias: hasBias(name) ? p.weight(`${weightName}.bias`, [sizes[name][0]]) : null,
      }
    },
    headGains: (block) => (headNorms ? p.weight(`h.${block}.headNorm.gain`, [2 * headWidth]) : null),
    factors(block, name) {
      const found = adapted(block, name)
      if (!found) return null
      const { rows, segments } = found
      return { a: partA(parameters(), block, name), b: partB(parameters(), block, name), rows, segments }
    },
    gradients: {
      a: (block, name) => partA(gradient(), block, name),
      b: (block, name) => partB(gradient(), block, name),
    },
  }
}
