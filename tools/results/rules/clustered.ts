/**
 * One adapter for everybody is a compromise where devices read different things. Four planted domains, four devices each;
 * clusters are found from the likeness of the updates alone. The control has the same text for all: clusters must not be
 * seen where there are none.
 */
import { mean, signed, spread } from '../figures'
import { inTheLab } from '../lab'
import type { Rule } from '../rule'

const clustered = { scheme: 'clustered' as const }
const synchronous = { scheme: 'synchronous' as const }

export const rule: Rule = {
  number: 2,
  title: 'Clusters where text differs',
  claim:
    'four planted domains: loss at least 10 % below the single adapter, clusters recovered with ARI ≥ 0.9; the same text for all: at most 1 % worse',
  setting:
    '16 devices, ten rounds of eight steps; similarity of updates (Gram product), k-means, number of clusters by silhouette',
  experiments: {
    'one adapter': inTheLab('four-villages', { settings: synchronous }),
    clustered: inTheLab('four-villages', { settings: clustered }),
    'one adapter on IID': inTheLab('iid', { settings: synchronous }),
    'clustered on IID': inTheLab('iid', { settings: clustered }),
  },
  judge(seeds) {
    const gains = seeds.map((of) => 1 - of.clustered.loss! / of['one adapter'].loss!)
    const aris = seeds.map((of) => of.clustered.ari!)
    const costs = seeds.map((of) => of['clustered on IID'].loss! / of['one adapter on IID'].loss! - 1)
    return {
      met: mean(gains) >= 0.1 && mean(aris) >= 0.9 && mean(costs) <= 0.01,
      says: `Loss ${(100 * mean(gains)).toFixed(1)} % below the single adapter, ARI ${spread(aris, 2)}; on IID text ${signed(mean(costs))}.`,
      head: ['seed', 'base', 'one adapter', 'clustered', 'gain', 'clusters', 'ARI', 'IID: one, clustered'],
      rows: seeds.map((of, index) => [
        `${index + 1}`,
        of.clustered.base!.toFixed(4),
        of['one adapter'].loss!.toFixed(4),
        of.clustered.loss!.toFixed(4),
        `${(100 * gains[index]).toFixed(1)} %`,
        `${of.clustered.clusters}`,
        aris[index].toFixed(2),
        `${of['one adapter on IID'].loss!.toFixed(4)}, ${of['clustered on IID'].loss!.toFixed(4)}`,
      ]),
    }
  },
}
