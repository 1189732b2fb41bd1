/**
 * Fewer bytes upwards, at what loss. Updates are differences, so they may be coded coarsely: eight bits a number in blocks, the largest tenth alone with what was left out remembered for the next round (error feedback), or both. The
 * ablation forgets what was left out.
 */
import type { CompressionName } from '../../../src/federation/compression/registry'
import { mean, signed } from '../figures'
import { inTheLab } from '../lab'
import type { Result, Results, Rule } from '../rule'

const coded = (compression: CompressionName) =>
  inTheLab('iid', {
    settings: { scheme: 'synchronous', rounds: 64, localSteps: 5, compression },
    world: { devices: 8 },
  })

/** What is asked of each: the factor of bytes, and how much worse it may be. */
const bars = [
  { name: 'int8', factor: 3.9, worse: 0.01 },
  { name: 'topk', factor: 8, worse: 0.02 },
  { name: 'topk-int4', factor: 30, worse: 0.05 },
] as const
const names = ['int8', 'topk', 'topk-int4', 'topk-forgetful'] as const

const upward = ({ byCargo }: Result): number => byCargo['wan update attached']
const factor = (of: Results, name: string): number => upward(of.none) / upward(of[name])
const worse = (of: Results, name: string): number => of[name].loss! / of.none.loss! - 1

export const rule: Rule = {
  number: 4,
  title: 'Fewer bytes',
  claim:
    'int8 4 × smaller at under 1 % of loss; the top tenth with error feedback 8 to 10 × at under 2 %; both together ≥ 30 × at under 5 %; without error feedback visibly worse',
  setting:
    '8 devices, IID text, 64 synchronous rounds of five steps; bytes of updates alone, coded, with their positions and scales',
  experiments: Object.fromEntries((['none', ...names] as const).map((name) => [name, coded(name)])),
  judge(seeds) {
    const factors = (name: string) => mean(seeds.map((of) => factor(of, name)))
    const losses = (name: string) => mean(seeds.map((of) => worse(of, name)))
    const failed = bars.filter(({ name, factor, worse }) => factors(name) < factor || losses(name) > worse)
    const forgets = losses('topk-forgetful') > losses('topk') + 0.002
    const complaint = failed.map(
      ({ name }) => `${name} ${factors(name).toFixed(1)} × at ${signed(losses(name))}`,
    )
    return {
      met: failed.length === 0 && forgets,
      says: [
        failed.length === 0 ? 'All three bars are met.' : `Missed: ${complaint.join('; ')}.`,
        `Without error feedback the loss is ${signed(losses('topk-forgetful'))} against ${signed(losses('topk'))} with it.`,
      ].join(' '),
      head: ['coding', 'bytes of updates, times fewer', 'loss against uncoded'],
      rows: names.map((name) => [name, factors(name).toFixed(1), signed(losses(name), 2)]),
    }
  },
}
