/**
 * Averaging against the yardstick that no federation can have: all text in one place, as many steps, each with the batches
 * of all devices together, the same tokens. Once with time enough, and once in the few rounds of the Lab's preset, where
 * the mean alone is too slow and momentum on the server goes on where it points.
 */
import { labPresets } from '../../../src/lab/presets'
import { mean, signed, spread } from '../figures'
import { inTheLab } from '../lab'
import type { Result, Rule } from '../rule'

const { aggregation, serverMomentum } = labPresets.iid.settings
const few = { scheme: 'synchronous', rounds: 15 } as const
const most = 0.03

export const rule: Rule = {
  number: 7,
  title: 'Averaging against pooled text',
  claim:
    'synchronous rounds on IID text: within 3 % of centralised, after 24 rounds of ten steps with plain averaging and after the preset’s own 15 rounds of eight with its momentum',
  setting: `8 devices, batches of 4; 24 rounds of ten steps by FedAvg; \`--preset iid --devices 8 --rounds 15\`, which is FedAvgM with momentum ${serverMomentum}, and the same by FedAvg; centralised: as many steps with batches of 32`,
  experiments: {
    fedavg: inTheLab('iid', {
      settings: { scheme: 'synchronous', rounds: 24, localSteps: 10 },
      world: { devices: 8 },
      centralised: true,
    }),
    preset: inTheLab('iid', {
      settings: { ...few, aggregation, serverMomentum },
      world: { devices: 8 },
      centralised: true,
    }),
    'preset without momentum': inTheLab('iid', { settings: few, world: { devices: 8 } }),
  },
  judge(seeds) {
    const against = (name: string, yardstick = name) =>
      mean(seeds.map((results) => results[name].loss! / results[yardstick].centralised! - 1))
    const gaps = {
      long: against('fedavg'),
      preset: against('preset'),
      plain: against('preset without momentum', 'preset'),
    }
    const over = (name: string, value: (result: Result) => number | null) =>
      spread(
        seeds.map((results) => value(results[name])!),
        4,
      )
    const row = (title: string, name: string, yardstick = name) => [
      title,
      over(name, ({ base }) => base),
      over(name, ({ loss }) => loss),
      over(yardstick, ({ centralised }) => centralised),
      signed(against(name, yardstick)),
    ]
    return {
      met: gaps.long <= most && gaps.preset <= most,
      says: `${signed(gaps.long)} after 24 rounds of ten steps; ${signed(gaps.preset)} in the preset’s 15 rounds, where averaging without momentum is ${signed(gaps.plain)} away.`,
      head: ['', 'base', 'federated', 'centralised', 'against centralised'],
      rows: [
        row('FedAvg, 24 rounds of 10', 'fedavg'),
        row('FedAvgM, 15 rounds of 8 (preset)', 'preset'),
        row('FedAvg, 15 rounds of 8', 'preset without momentum', 'preset'),
      ],
    }
  },
}
