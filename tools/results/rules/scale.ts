/**
 * Decisions and merges alone: training is a quadratic model (one descent in a hundred numbers), so what takes time is the
 * reducer, the merges and the clustering. A landmark form of the Gram product keeps clustering linear in the devices.
 */
import { mean } from '../figures'
import { inTheLab } from '../lab'
import type { Rule } from '../rule'

const crowd = (devices: number) =>
  inTheLab('four-villages', {
    settings: { scheme: 'clustered', rounds: 100 },
    world: { devices },
    model: 'quadratic',
  })
const sizes = [250, 500, 1000]

export const rule: Rule = {
  number: 8,
  title: 'A thousand devices',
  claim:
    '1,000 devices and 100 rounds of aggregation and clustering in under 60 s on one core, cost per round linear in devices',
  setting: 'four planted groups, clustered, training by a quadratic model',
  experiments: Object.fromEntries(sizes.map((devices) => [`${devices} devices`, crowd(devices)])),
  judge(seeds) {
    const seconds = (devices: number) => mean(seeds.map((of) => of[`${devices} devices`].wallSeconds))
    const perDevice = sizes.map((devices) => (1000 * seconds(devices)) / devices)
    const isLinear = perDevice.at(-1)! <= 1.25 * perDevice[0]
    return {
      met: seconds(1000) < 60 && isLinear,
      says: `1,000 devices take ${seconds(1000).toFixed(0)} s; per device ${perDevice.map((one) => one.toFixed(0)).join(', ')} ms for ${sizes.join(', ')} devices.`,
      head: ['devices', 'seconds for 100 rounds', 'ms per device', 'ARI'],
      rows: sizes.map((devices, index) => [
        `${devices}`,
        seconds(devices).toFixed(1),
        perDevice[index].toFixed(1),
        mean(seeds.map((of) => of[`${devices} devices`].ari!)).toFixed(2),
      ]),
    }
  },
}
