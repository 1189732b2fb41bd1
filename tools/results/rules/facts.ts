/**
 * Private facts: every device has read what nobody else has, and is asked what only others have read. Real nodes with the
 * coordinator, checks and engine of tabs. Several aggregations, each with its usual server rate, beside all text pooled.
 */
import { mean, percent } from '../figures'
import type { Rule } from '../rule'

const rules = ['fedavg', 'fedex', 'flora', 'rolora', 'fedavgm'] as const
const sizes = [3, 5, 8]
const nameOf = (aggregation: string, devices: number) => `${aggregation} ${devices} devices`

const why =
  'Each device’s facts are a change of their own, and a mean of eight such changes keeps an eighth of each: FLoRA stacks them without loss and starts afresh from a base that holds them, FedAvgM’s momentum goes as far beyond the mean; rules that average factors alone recall a little less the more devices there are.'

export const rule: Rule = {
  number: 9,
  title: 'Private facts',
  claim:
    '3 to 8 devices: with the best aggregation, recall of other tabs’ facts is at least 90 % of what centralised training recalls',
  setting:
    'ten rounds of 20 steps at 5e-3, nothing read again; recall in trained wordings, of facts that the device itself has not read',
  experiments: Object.fromEntries(
    sizes.flatMap((devices) =>
      rules.map((aggregation) => [
        nameOf(aggregation, devices),
        {
          kind: 'room',
          query: `corpus=facts&rounds=10&localSteps=20&backend=wasm&baselines=0&aggregation=${aggregation}`,
          devices,
        },
      ]),
    ),
  ),
  judge(seeds) {
    const of = (aggregation: string, devices: number) =>
      seeds.map((results) => results[nameOf(aggregation, devices)].recall!)
    const share = (aggregation: string, devices: number) =>
      mean(of(aggregation, devices).map(({ merged, centralised }) => merged / centralised!))
    const best = (devices: number) =>
      rules.reduce((one, other) => (share(other, devices) > share(one, devices) ? other : one))
    const told = sizes.map(
      (devices) =>
        `${devices} devices: ${best(devices)}, ${(100 * share(best(devices), devices)).toFixed(0)} %`,
    )
    return {
      met: sizes.every((devices) => share(best(devices), devices) >= 0.9),
      says: `Best rule and share of what centralised training recalls: ${told.join('; ')}. ${why}`,
      head: ['rule', ...sizes.map((devices) => `recall, ${devices} devices`)],
      rows: [
        ...rules.map((aggregation) => [
          aggregation,
          ...sizes.map((devices) =>
            percent(
              of(aggregation, devices).map(({ merged }) => merged),
              0,
            ),
          ),
        ]),
        [
          'centralised',
          ...sizes.map((devices) =>
            percent(
              of('fedavg', devices).map((one) => one.centralised!),
              0,
            ),
          ),
        ],
      ],
    }
  },
}
