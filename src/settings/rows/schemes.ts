/**
 * Who merges with whom and when. What is usual stands in the schemes themselves (federation/config.ts). Bounds are those of
 * the Lab's crowds, where a room of tabs is smaller: more than there are devices means all of them.
 */
import {
  asynchronousMethods,
  mixings,
  schemeNames,
  stalenessNames,
  topologies,
} from '../../federation/config'
import { between, oneOf, orAuto, positive, whole } from '../kinds'
import { ofReducer, ofScheme } from '../setting'

const mostDevices = 5000

export const schemeRows = {
  scheme: ofReducer('scheme', oneOf(schemeNames), { page: 'scheme', lab: 'experiment' }),

  clusterBy: ofScheme('clustered', 'by', oneOf(['similarity', 'loss'])),
  /** 16, as many as have colours of their own. */
  clusters: ofScheme('clustered', 'count', orAuto(whole(1, 16))),
  clusterMethod: ofScheme('clustered', 'method', oneOf(['k-means', 'average-linkage']), {
    isMeant: ({ clusterBy }) => clusterBy === 'similarity',
  }),
  warmUpRounds: ofScheme('clustered', 'warmUpRounds', whole(0, 100), {
    isMeant: ({ clusterBy }) => clusterBy === 'similarity',
  }),
  reclusterEvery: ofScheme('clustered', 'reclusterEvery', whole(1, 100)),
  resourceWeight: ofScheme('clustered', 'resourceWeight', between(0, 10), {
    isMeant: ({ clusterBy }) => clusterBy === 'similarity',
  }),
  clusterMixing: ofScheme('clustered', 'mixing', between(0, 1)),

  edges: ofScheme('hierarchical', 'appointed', whole(0, 64)),
  devicesPerEdge: ofScheme('hierarchical', 'devicesPerEdge', whole(1, 255)),
  edgeRounds: ofScheme('hierarchical', 'edgeRounds', whole(1, 20)),

  asyncMethod: ofScheme('asynchronous', 'method', oneOf(asynchronousMethods)),
  bufferSize: ofScheme('asynchronous', 'bufferSize', orAuto(whole(1, mostDevices)), {
    isMeant: ({ asyncMethod }) => asyncMethod === 'fedbuff',
  }),
  asyncMixing: ofScheme('asynchronous', 'mixing', positive(1), {
    isMeant: ({ asyncMethod }) => asyncMethod === 'fedasync',
  }),
  staleness: ofScheme('asynchronous', 'staleness', oneOf(stalenessNames)),
  mostStale: ofScheme('asynchronous', 'mostStale', whole(0, 1000)),
  concurrency: ofScheme('asynchronous', 'concurrency', orAuto(whole(1, mostDevices))),

  topology: ofScheme('gossip', 'topology', oneOf(topologies), { owner: 'agreed', changes: 'lobby' }),
  degree: ofScheme('gossip', 'degree', whole(1, 64), {
    owner: 'agreed',
    changes: 'lobby',
    isMeant: ({ topology }) => topology === 'random-regular' || topology === 'small-world',
  }),
  mixing: ofScheme('gossip', 'mixing', oneOf(mixings), { owner: 'agreed', changes: 'lobby' }),
}
