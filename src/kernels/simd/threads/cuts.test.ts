import { describe, expect, it } from 'vitest'
import { random } from '../../../lib/rng'
import { loadSimdInNode } from '../load'
import { ownScratch } from './board'
import { piecesOf, type SimdCall, type SimdName } from './cuts'
import { Bench, drawn } from './testing'

/** A call large enough to be cut, and where its results lie. */
interface Example {
  readonly call: SimdCall
  readonly results: readonly [address: number, size: number][]
}

/** Each function that is cut, with every operand that it may do without, and sizes that leave a rest. */
function examplesOf(bench: Bench): Readonly<Record<string, () => Example>> {
  const put = (size: number, label: string): number => bench.put(drawn(size, label))
  const zeros = (size: number): number => bench.put(new Float32Array(size))
  const indices = (size: number, of: number, label: string): number => {
    const draw = random(1, label)
    return bench.put(
      Int32Array.from({ length: size }, () => draw.int(of)),
      Int32Array,
    )
  }
  const example = (name: SimdName, args: readonly number[], ...results: [number, number][]): Example => ({
    call: { name, args },
    results,
  })
  const product =
    (layout: 'NT' | 'NN' | 'TN', M: number, N: number, K: number, isFull = false) =>
    () => {
      const [ldx, ldw] = [layout === 'TN' ? M : K, layout === 'NT' ? K : N]
      const y = put(M * N, 'y')
      const factors = [put(M * K, 'x'), ldx, put(N * K, 'w'), ldw, y, N, 0.5, 1]
      const additions = layout === 'NT' ? (isFull ? [put(N, 'bias'), put(M * N, 'residual')] : [0, 0]) : []
      return example(`product${layout}`, [M, N, K, ...factors, ...additions, ownScratch], [y, M * N])
    }
  const [batch, time, heads, keyValueHeads, headWidth] = [2, 167, 6, 2, 20]
  const [rows, width] = [batch * time, (heads + 2 * keyValueHeads) * headWidth]
  const own = heads * headWidth
  const attended = [0, batch * keyValueHeads, time, heads, keyValueHeads, headWidth, ownScratch]
  const attention = (rope: number) => {
    const [out, logSumExp] = [zeros(rows * own), zeros(rows * heads)]
    const args = [put(rows * width, 'qkv'), rope, out, logSumExp, ...attended]
    return example('attention', args, [out, rows * own], [logSumExp, rows * heads])
  }
  const [lines, wide] = [601, 258]
  const normGradient = (places: number) => {
    const dx = zeros(lines * wide)
    const operands = [
      put(lines * wide, 'dy'),
      put(lines * wide, 'x'),
      put(wide, 'gain'),
      put(lines * wide, 'rest'),
    ]
    return example('normGradient', [...operands, places, dx, lines, wide, 1e-5, 0], [dx, lines * wide])
  }
  const size = 70_003
  return {
    'productNT, more rows': product('NT', 203, 100, 90, true),
    'productNT, more columns': product('NT', 100, 203, 90, true),
    'productNT of one row, as in decoding': product('NT', 1, 2051, 400),
    'productNN, more rows': product('NN', 203, 100, 90),
    'productNN, more columns': product('NN', 9, 1003, 300),
    'productTN, more rows': product('TN', 203, 100, 90),
    'productTN, more columns': product('TN', 100, 203, 90),
    attention: () => attention(0),
    'attention, rotary': () => attention(put(time * headWidth, 'rope')),
    attentionGradient: () => {
      const { call, results } = attention(put(time * headWidth, 'rope'))
      bench.run(call.name, call.args)
      const dQkv = zeros(rows * width)
      const [qkv, rope, out, logSumExp] = call.args
      const args = [put(rows * own, 'dOut'), qkv, rope, out, logSumExp, dQkv, ...attended]
      return example('attentionGradient', args, [dQkv, rows * width], ...results)
    },
    gelu: () => {
      const y = zeros(size)
      return example('gelu', [put(size, 'pre'), y, size], [y, size])
    },
    'geluGradient, in place': () => {
      const dy = put(size, 'dy')
      return example('geluGradient', [dy, put(size, 'pre'), dy, size], [dy, size])
    },
    gated: () => {
      const y = zeros(lines * wide)
      return example('gated', [put(2 * lines * wide, 'gateUp'), y, lines, wide], [y, lines * wide])
    },
    gatedGradient: () => {
      const dx = zeros(2 * lines * wide)
      const operands = [put(lines * wide, 'dy'), put(2 * lines * wide, 'gateUp'), dx]
      return example('gatedGradient', [...operands, lines, wide], [dx, 2 * lines * wide])
    },
    crossEntropy: () => {
      const [logits, losses] = [put(lines * wide, 'logits'), zeros(lines)]
      const args = [
        logits,
        wide,
        indices(lines, wide - 3, 'targets'),
        put(lines, 'weights'),
        losses,
        lines,
        wide - 3,
      ]
      return example('crossEntropy', args, [logits, lines * wide], [losses, lines])
    },
    embed: () => {
      const y = zeros(lines * wide)
      const tables = [put(50 * wide, 'tokens'), put(40 * wide, 'positions')]
      const args = [indices(lines, 50, 'ids'), indices(lines, 40, 'places'), ...tables, y, lines, wide]
      return example('embed', args, [y, lines * wide])
    },
    norm: () => {
      const y = zeros(lines * wide)
      const args = [
        put(lines * wide, 'x'),
        put(wide, 'gain'),
        put(wide, 'offset'),
        0,
        y,
        lines,
        wide,
        1e-5,
        0,
      ]
      return example('norm', args, [y, lines * wide])
    },
    'norm of chosen rows': () => {
      const y = zeros(lines * wide)
      const chosen = indices(lines, 7, 'chosen')
      return example(
        'norm',
        [put(7 * wide, 'x'), put(wide, 'gain'), 0, chosen, y, lines, wide, 1e-5, 1],
        [y, lines * wide],
      )
    },
    normGradient: () => normGradient(0),
    'normGradient of rows that are elsewhere': () => normGradient(indices(lines, lines, 'places')),
    normOfHeads: () => {
      const y = zeros(rows * width)
      const args = [
        put(rows * width, 'x'),
        put(2 * headWidth, 'gains'),
        y,
        rows,
        heads,
        keyValueHeads,
        headWidth,
        1e-5,
      ]
      return example('normOfHeads', args, [y, rows * width])
    },
    normOfHeadsGradient: () => {
      const dx = zeros(rows * width)
      const operands = [put(rows * width, 'dy'), put(rows * width, 'x'), put(2 * headWidth, 'gains'), dx]
      return example(
        'normOfHeadsGradient',
        [...operands, rows, heads, keyValueHeads, headWidth, 1e-5],
        [dx, rows * width],
      )
    },
    adam: () => {
      const states = ['parameters', 'gradient', 'first', 'second'].map((name) =>
        bench.put(drawn(size, name).map(Math.abs)),
      )
      const args = [...states, bench.put([4]), bench.put([1e-3, 1, 1, 1]), size, 0.9, 0.999, 1e-8]
      return example('adam', args, ...states.map((address): [number, number] => [address, size]))
    },
    proximal: () => {
      const gradient = put(size, 'gradient')
      const args = [gradient, put(size, 'parameters'), put(size, 'anchor'), bench.put([0.1]), size]
      return example('proximal', args, [gradient, size])
    },
  }
}

const bitsOf = (bench: Bench, { results }: Example): Uint32Array[] =>
  results.map(([address, size]) => new Uint32Array(bench.get(address, size).buffer))

const module = await loadSimdInNode()

describe('a call in pieces', () => {
  it.each(Object.keys(examplesOf(new Bench(module))))(
    'leaves the bits of the whole, in whatever order they run: %s',
    (name) => {
      const whole = new Bench(module)
      const one = examplesOf(whole)[name]()
      whole.run(one.call.name, one.call.args)

      const cut = new Bench(module)
      const other = examplesOf(cut)[name]()
      const pieces = piecesOf(other.call, 8)
      expect(pieces.length).toBeGreaterThan(1)
      for (const args of random(1, name).shuffle(pieces)) cut.run(other.call.name, args)

      expect(bitsOf(cut, other)).toEqual(bitsOf(whole, one))
    },
  )

  it('is whole where it costs too little, or adds up over all', () => {
    expect(piecesOf({ name: 'gelu', args: [64, 128, 100] }, 8)).toEqual([[64, 128, 100]])
    expect(piecesOf({ name: 'sumOfSquares', args: [64, 128, 1e7] }, 8)).toEqual([[64, 128, 1e7]])
  })
})
