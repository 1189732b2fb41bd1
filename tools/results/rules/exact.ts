/**
 * The mean of the factors is not the factor of the mean. FedIT averages A and B apart; FedEx adds what that leaves out to
 * the base, FLoRA stacks the factors, FlexLoRA takes the best of the wanted rank. The dense average is computed beside
 * every merge, and the distance to it is the distortion.
 */
import { count, mean, spread } from '../figures'
import { inTheLab } from '../lab'
import type { Rule } from '../rule'

const three = { devices: 3 }
const with_ = (aggregation: 'fedavg' | 'fedex' | 'flora' | 'flexlora') =>
  inTheLab('iid', {
    config: { scheme: 'synchronous', rounds: 6, localSteps: 20 },
    ...{ world: three, rest: { aggregation, learningRate: 5e-3 }, measuresTerms: true },
  })
const exact = ['fedex', 'flora'] as const

export const rule: Rule = {
  number: 3,
  title: 'Exact aggregation of LoRA',
  claim: 'error below 1e-5 against the dense average, and loss at most FedIT’s in at least 4 of 5 seeds',
  setting: '3 devices, IID text, six rounds of 20 steps at a rate of 5e-3, rank 8',
  experiments: {
    fedit: with_('fedavg'),
    fedex: with_('fedex'),
    flora: with_('flora'),
    flexlora: with_('flexlora'),
  },
  judge(seeds) {
    const wins = (name: string) => count(seeds, (of) => of[name].loss! <= of.fedit.loss!)
    const isExact = exact.every((name) => seeds.every((of) => of[name].distortion! < 1e-5))
    const names = ['fedit', 'fedex', 'flora', 'flexlora']
    return {
      met: isExact && exact.every((name) => wins(name) >= 0.8 * seeds.length),
      says: exact
        .map((name) => `${name}: at most FedIT’s loss in ${wins(name)} of ${seeds.length} seeds`)
        .join('; '),
      head: ['rule', 'loss', 'distortion, relative', 'no worse than FedIT', 'MB sent and received'],
      rows: names.map((name) => [
        name,
        spread(
          seeds.map((of) => of[name].loss!),
          4,
        ),
        mean(seeds.map((of) => of[name].distortion!)).toExponential(1),
        name === 'fedit' ? '' : `${wins(name)} of ${seeds.length}`,
        (mean(seeds.map((of) => of[name].bytes.wan)) / 1e6).toFixed(1),
      ]),
    }
  },
}
