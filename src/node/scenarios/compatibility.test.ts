/** Whatever is not refused (`federation/compatibility.ts`) runs: rounds of real nodes under every scheme with every rule. */
import { describe, expect, it } from 'vitest'
import { aggregationNames } from '../../federation/aggregation/registry'
import { incompatibility } from '../../federation/compatibility'
import { schemeNames } from '../../federation/config'
import { finished, inVirtualTime, knows, slowly } from '../fixtures/gossiping'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'

/** Every way of a scheme in which aggregation is used differently; any other scheme in its usual one. */
const particular = [
  'scheme=synchronous',
  'scheme=clustered&reclusterEvery=1&clusterMixing=0.2',
  'scheme=clustered&clusterBy=loss&clusters=2&reclusterEvery=1',
  'scheme=hierarchical&edges=1&edgeRounds=2',
  'scheme=asynchronous&asyncMethod=fedasync',
  'scheme=asynchronous&asyncMethod=fedbuff',
  'scheme=asynchronous&asyncMethod=fedcompass',
  'scheme=gossip&mixing=metropolis',
  'scheme=gossip&mixing=push-sum',
]
const common = 'rounds=4&compression=int8&baselines=0'

const schemeOf = (way: string): string => new URLSearchParams(way).get('scheme') ?? ''
const others = schemeNames.filter((name) => !particular.some((way) => schemeOf(way) === name))
const ways = [...particular, ...others.map((name) => `scheme=${name}`)]

describe.each(ways)('%s', (way) => {
  inVirtualTime()
  const scheme = schemeOf(way)

  it.each(aggregationNames.filter((aggregation) => incompatibility({ scheme, aggregation }) === null))(
    'runs with aggregation=%s',
    async (aggregation) => {
      const query = `${way}&aggregation=${aggregation}&${common}`
      const room = federationInMemory()
      const targets = [2, 2.2, -2, -2.2]
      const open = async () => {
        if (scheme === 'gossip')
          return Promise.all(targets.map((target, at) => room.peer(`d${at}`, slowly(target, 20), query)))
        const coordinator = await room.coordinator(query)
        await Promise.all(targets.map((target, at) => room.device(`d${at}`, slowly(target, 20))))
        return [coordinator]
      }
      const nodes = await open()
      for (const node of nodes)
        await (scheme === 'gossip'
          ? knows(node, 4)
          : until(node, ({ devices }) => devices.filter(({ examples }) => examples > 0).length === 4))
      nodes[0].start()
      const shown = await Promise.all(nodes.map(finished))
      for (const { problems, version, history } of shown) {
        expect(problems).toEqual([])
        expect(version).toBeGreaterThanOrEqual(4)
        for (const { heldOut } of history) expect(heldOut === null || Number.isFinite(heldOut)).toBe(true)
      }
    },
  )
})
