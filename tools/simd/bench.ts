/**
 * Times the SIMD functions: `npx tsx tools/simd/bench.ts` measures the plain binary; with relaxed SIMD, which Node 20
 * hides behind a flag, `node --experimental-wasm-relaxed-simd --import tsx tools/simd/bench.ts` measures both. Cases take
 * turns and each shows its fastest round in processor time, so that other work on the machine disturbs little. A text
 * picks the cases that contain it: `npx tsx tools/simd/bench.ts NT`.
 */
import { readFileSync } from 'node:fs'
import { drawNumbers } from '../../src/kernels/choosing/chooseToken'
import { Heap } from '../../src/kernels/simd/heap'
import { loadSimd, type SimdModule } from '../../src/kernels/simd/load'
import { choose } from '../../src/model/sampling'
import { binaries } from './build'

const rounds = 40
const millisecondsPerRound = 4

interface Case {
  readonly name: string
  /** Floating-point operations of a run, or null where the time itself is of interest. */
  readonly operations: number | null
  run(): void
  fastestMs: number
}

/** Products: the layout, and M x N over K. */
const products: readonly [layout: 'NT' | 'NN' | 'TN', M: number, N: number, K: number][] = [
  ...(['NT', 'NN', 'TN'] as const).flatMap((layout) =>
    [192, 576, 768].flatMap((N) =>
      [192, 768].map((K) => [layout, 256, N, K] as [typeof layout, number, number, number]),
    ),
  ),
  ['NT', 256, 8, 576], // u = x Aᵀ
  ['NT', 256, 576, 8], // u Bᵀ
  ['NN', 256, 8, 576], // du = dy B
  ['NN', 256, 576, 8], // du A
  ['TN', 8, 576, 256], // dA
  ['TN', 576, 8, 256], // dB
  ['NT', 1, 768, 768], // decoding
  ['NT', 5, 768, 768], // checking drafted tokens
  ['NN', 1, 768, 768],
]

const attentionSizes = [4, 64, 6, 6, 32] as const
const logits = [256, 2048]
const words = 50_257
const draw = { temperature: 0.8, seed: 3, position: 100 }

function casesOf({ memory, functions, heapBase }: SimdModule, binary: string): Case[] {
  const heap = new Heap(memory, heapBase)
  const room = (size: number): number => {
    const address = heap.allocate(4 * size)
    new Float32Array(memory.buffer, address, size).set(
      Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
    )
    return address
  }
  const [x, w, y] = [1, 2, 3].map(() => room(2 ** 20))
  const scratch = room(2 ** 20)
  const targets = room(logits[0])
  new Int32Array(memory.buffer, targets, logits[0]).fill(7)
  const draws = room(4)
  new Int32Array(memory.buffer, draws, 4).set(drawNumbers(draw, 0))
  const timed = (name: string, operations: number | null, run: () => void): Case => ({
    name: `${binary} ${name}`,
    operations,
    run,
    fastestMs: Number.POSITIVE_INFINITY,
  })
  const product = ([layout, M, N, K]: (typeof products)[number]): Case => {
    const [ldx, ldw] = [layout === 'TN' ? M : K, layout === 'NT' ? K : N]
    const operands = [M, N, K, x, ldx, w, ldw, y, N, 1, 0] as const
    const multiply = (): void =>
      layout === 'NT'
        ? functions.productNT(...operands, 0, 0, scratch)
        : functions[`product${layout}`](...operands, scratch)
    return timed(`${layout} ${M} x ${N} over ${K}`, 2 * M * N * K, multiply)
  }
  const [batch, time, heads, keyValueHeads, headWidth] = attentionSizes
  const whole = [0, batch * keyValueHeads, time, heads, keyValueHeads, headWidth] as const
  const shape = `B${batch} T${time} h${heads} hd${headWidth}`
  return [
    ...products.map(product),
    timed(`attention ${shape}`, null, () => {
      functions.attention(x, 0, y, w, ...whole, scratch)
    }),
    timed(`attentionGradient ${shape}`, null, () => {
      functions.attentionGradient(y, x, 0, y, w, w + 4 * batch * time * heads, ...whole, scratch)
    }),
    timed(`gelu of ${batch * time} x 768`, null, () => void functions.gelu(x, y, batch * time * 768)),
    timed(`layer norm of ${batch * time} x 192`, null, () => {
      functions.norm(x, w, w, 0, y, batch * time, 192, 1e-5, 0)
    }),
    timed(`cross-entropy of ${logits.join(' x ')}`, null, () => {
      functions.crossEntropy(x, logits[1], targets, w, y, logits[0], logits[1])
    }),
    timed(`choice among ${words}`, null, () => {
      functions.chooseToken(x, words, draws, y, y + 256, 1, words)
    }),
    timed(`choice among ${words}, by the processor’s own code`, null, () => {
      choose(new Float32Array(memory.buffer, x, words), draw)
    }),
  ]
}

const modules = await Promise.all(
  binaries
    .filter(({ isShared }) => !isShared)
    .map(({ path }) => readFileSync(path))
    .map((plain) => loadSimd({ plain, relaxed: null }).catch(() => null)),
)
const cases = modules
  .flatMap((module, index) => (module ? casesOf(module, ['plain', 'relaxed'][index]) : []))
  .filter(({ name }) => name.includes(process.argv[2] ?? ''))

function processorMs(run: () => void, times: number): number {
  const start = process.cpuUsage()
  for (let index = 0; index < times; index++) run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / times
}

for (let round = 0; round < rounds; round++)
  for (const each of cases) {
    const times = Math.ceil(millisecondsPerRound / Math.min(each.fastestMs, millisecondsPerRound))
    each.fastestMs = Math.min(each.fastestMs, processorMs(each.run, times))
  }

for (const { name, operations, fastestMs } of cases) {
  const rate = operations ? `${(operations / fastestMs / 1e6).toFixed(1).padStart(6)} GFLOP/s` : ''
  process.stdout.write(`${name.padEnd(44)} ${fastestMs.toFixed(3).padStart(8)} ms ${rate}\n`)
}
