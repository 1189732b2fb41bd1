/**
 * Nobody coordinates: eight peers train, tell their neighbours, and mix what they hear (D-PSGD with Metropolis weights;
 * LoRA in product space, DeCAF). The loss is the mean over the peers, each with its own adapter.
 */
import { mean, signed, spread } from '../figures'
import { inTheLab } from '../lab'
import type { Rule } from '../rule'

const long = { rounds: 24, localSteps: 10 }

const gossip = (topology: 'ring' | 'full') =>
  inTheLab('nobody-in-charge', {
    settings: {
      ...long,
      scheme: 'gossip',
      aggregation: 'decaf',
      topology,
    },
  })

export const rule: Rule = {
  number: 6,
  title: 'Nobody in charge',
  claim: '8 peers, ring and full mesh: within 3 % of FedAvg’s loss',
  setting: '8 devices, IID text, as long as 24 synchronous rounds of ten steps take',
  experiments: {
    fedavg: inTheLab('nobody-in-charge', {
      settings: { ...long, scheme: 'synchronous', aggregation: 'fedavg' },
    }),
    ring: gossip('ring'),
    mesh: gossip('full'),
  },
  judge(seeds) {
    const gap = (name: string) => mean(seeds.map((of) => of[name].loss! / of.fedavg.loss! - 1))
    return {
      met: ['ring', 'mesh'].every((name) => gap(name) <= 0.03),
      says: `Ring ${signed(gap('ring'))}, full mesh ${signed(gap('mesh'))} against FedAvg.`,
      head: ['', 'loss', 'against FedAvg', 'MB in all'],
      rows: ['fedavg', 'ring', 'mesh'].map((name) => [
        name,
        spread(
          seeds.map((of) => of[name].loss!),
          4,
        ),
        name === 'fedavg' ? '' : signed(gap(name)),
        (mean(seeds.map((of) => of[name].bytes.wan + of[name].bytes.lan)) / 1e6).toFixed(1),
      ]),
    }
  },
}
