/**
 * Averaging against the yardstick that no federation can have: all text in one place, as many steps, each with the batches
 * of all devices together, the same tokens.
 */
import { mean, signed, spread } from '../figures'
import { inTheLab } from '../lab'
import type { Rule } from '../rule'

export const rule: Rule = {
  number: 7,
  title: 'Averaging against pooled text',
  claim: 'synchronous FedAvg on IID text: within 3 % of centralised',
  setting: '8 devices, 24 rounds of ten steps, batches of 4; centralised: 240 steps with batches of 32',
  experiments: {
    fedavg: inTheLab('iid', {
      settings: { scheme: 'synchronous', rounds: 24, localSteps: 10 },
      world: { devices: 8 },
      centralised: true,
    }),
  },
  judge(seeds) {
    const gaps = seeds.map(({ fedavg }) => fedavg.loss! / fedavg.centralised! - 1)
    return {
      met: mean(gaps) <= 0.03,
      says: `${signed(mean(gaps))} against centralised.`,
      head: ['', 'loss'],
      rows: [
        [
          'base',
          spread(
            seeds.map(({ fedavg }) => fedavg.base!),
            4,
          ),
        ],
        [
          'federated',
          spread(
            seeds.map(({ fedavg }) => fedavg.loss!),
            4,
          ),
        ],
        [
          'centralised',
          spread(
            seeds.map(({ fedavg }) => fedavg.centralised!),
            4,
          ),
        ],
      ],
    }
  },
}
