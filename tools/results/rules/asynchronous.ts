/**
 * Nobody waits for the slowest. Sixteen devices need about 100 s (four of them), 200 s (eight) and 400 s (four) for a job;
 * synchronous rounds last as long as the slowest. Asynchronous updates are merged as they come (FedBuff, Nguyen et al.,
 * arXiv 2106.06639). The ceiling is the ratio of updates per time, 2.14 under exactly this setting.
 */
import { labPresets } from '../../../src/lab/presets'
import { count, mean, signed, spread } from '../figures'
import { inTheLab } from '../lab'
import type { Result, Rule } from '../rule'

const equal = { ...labPresets.iid.world, jobSeconds: [{ mean: 100, share: 1 }], jobDeviation: 0, spread: 0 }
const synchronous = { scheme: 'synchronous' as const, waitsForAll: true }
const asynchronous = {
  scheme: 'asynchronous' as const,
  bufferSize: 8,
  mostStale: 20,
}

/** When the loss was first as low as the target; infinite where never. */
const timeTo = ({ history }: Result, target: number): number =>
  history.find(({ loss }) => loss !== null && loss <= target)?.seconds ?? Number.POSITIVE_INFINITY

export const rule: Rule = {
  number: 1,
  title: 'Asynchronous updates do not wait',
  claim:
    'reaches the loss of ten synchronous rounds at least 1.8 times sooner where devices are unequal, and ends within 2 % of it where they are equal',
  setting:
    '16 devices, IID text, jobs of 100, 200 and 400 s (4, 8 and 4 devices), 5 s of communication; FedBuff with a buffer of 8, staleness weight (1 + τ)^-½',
  experiments: {
    'synchronous unequal': inTheLab('stragglers', { settings: synchronous }),
    'asynchronous unequal': inTheLab('stragglers', { settings: asynchronous }),
    'synchronous equal': inTheLab('stragglers', { settings: synchronous, world: equal }),
    'asynchronous equal': inTheLab('stragglers', { settings: asynchronous, world: equal }),
  },
  judge(seeds) {
    const ratios = seeds.map((of) => {
      const waiting = of['synchronous unequal']
      return waiting.virtualSeconds / timeTo(of['asynchronous unequal'], waiting.loss!)
    })
    const gaps = seeds.map((of) => of['asynchronous equal'].loss! / of['synchronous equal'].loss! - 1)
    // Lower is counted as met, and said.
    const better =
      mean(gaps) < -0.02
        ? ': more than 2 % away, but lower, for it merges twice as often in the same time'
        : ''
    const met = mean(ratios) >= 1.8 && mean(gaps) <= 0.02
    return {
      met,
      says: `Sooner by a factor of ${spread(ratios, 2)} (at least 1.8 in ${count(ratios, (ratio) => ratio >= 1.8)} of ${seeds.length} seeds); with equal devices the loss differs by ${signed(mean(gaps))}${better}.`,
      head: [
        'seed',
        'target loss',
        'synchronous, s',
        'asynchronous, s',
        'ratio',
        'loss of both with equal devices',
      ],
      rows: seeds.map((of, index) => [
        `${index + 1}`,
        of['synchronous unequal'].loss!.toFixed(4),
        of['synchronous unequal'].virtualSeconds.toFixed(0),
        timeTo(of['asynchronous unequal'], of['synchronous unequal'].loss!).toFixed(0),
        ratios[index].toFixed(2),
        `${of['synchronous equal'].loss!.toFixed(4)}, ${of['asynchronous equal'].loss!.toFixed(4)}`,
      ]),
    }
  },
}
