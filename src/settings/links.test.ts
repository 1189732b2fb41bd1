/** What people have kept: links that were given away, and rooms in a browser's storage. They mean what they meant. */
import { describe, expect, it } from 'vitest'
import { federatingOf } from './derived/merging'
import { checkSettings, readSettings, settingsToSearch } from './reading'

/** Every parameter that an address could have before settings were one table, with a text and what it was read as. */
const parameters: readonly (readonly [string, string, unknown])[] = [
  ['role', 'edge', 'edge'],
  ['room', '4F7-K2Q', '4F7-K2Q'],
  ['model', 'openai-community/gpt2', 'openai-community/gpt2'],
  ['backend', 'wasm', 'wasm'],
  ['precision', 'nf4', 'nf4'],
  ['scheme', 'clustered', 'clustered'],
  ['aggregation', 'flexlora', 'flexlora'],
  ['compression', 'topk-int8', 'topk-int8'],
  ['fractionTrain', '0.25', 0.25],
  ['overSelection', '0', 0],
  ['clusterBy', 'loss', 'loss'],
  ['clusters', '8', 8],
  ['reclusterEvery', '100', 100],
  ['clusterMixing', '1', 1],
  ['resourceWeight', '10', 10],
  ['asyncMethod', 'fedcompass', 'fedcompass'],
  ['bufferSize', '64', 64],
  ['asyncMixing', '1e-3', 0.001],
  ['staleness', 'inverse-root', 'inverse-root'],
  ['mostStale', '1000', 1000],
  ['concurrency', '64', 64],
  ['topology', 'small-world', 'small-world'],
  ['degree', '16', 16],
  ['mixing', 'push-sum', 'push-sum'],
  ['preset', 'domains', 'domains'],
  ['corpus', 'space-station', 'space-station'],
  ['partition', 'dirichlet(0.1)', 'dirichlet(0.1)'],
  ['rank', '64', 64],
  ['alpha', '2.5', 2.5],
  ['targets', 'q_proj, v_proj', ['q_proj', 'v_proj']],
  ['lr', '1', 1],
  ['serverRate', '10', 10],
  ['proximal', '0.01', 0.01],
  ['serverMomentum', '0.99', 0.99],
  ['localSteps', '1000', 1000],
  ['batch', '64', 64],
  ['allocation', 'by-speed', 'by-speed'],
  ['deadline', '0.5', 0.5],
  ['edgeRounds', '20', 20],
  ['edges', '0', 0],
  ['rounds', '1000', 1000],
  ['seed', '2147483647', 2147483647],
  ['autostart', '64', 64],
  ['slow', '1000', 1000],
  ['name', 'Otter von Wren', 'Otter von Wren'],
  ['lang', 'de', 'de'],
  ['wall', '8', 8],
  ['view', 'pane', 'pane'],
  ['mode', 'ensemble', 'ensemble'],
  ['admitAll', '', true],
  ['baselines', 'false', false],
]

describe('an address of before', () => {
  it.each(parameters)('%s=%s is read as it was', (name, text, value) => {
    const { settings, problems } = readSettings(
      new URL(`http://localhost/?${name}=${encodeURIComponent(text)}`),
    )
    expect(problems).toEqual([])
    expect(settings).toMatchObject({ [name]: value })
  })

  it('takes the aggregation that is usual for gossip, also beside a preset', () => {
    const read = (search: string) => readSettings(new URL(`http://localhost/?${search}`)).settings
    expect(read('preset=facts&scheme=gossip').aggregation).toBe('decaf')
    expect(read('preset=facts').aggregation).toBe('fedavg')
    expect(settingsToSearch(read('preset=facts&scheme=gossip'))).toBe('preset=facts&scheme=gossip')
  })

  it('means by silence what it meant', () => {
    const { settings } = readSettings(new URL('http://localhost/'))
    expect(settings).toMatchObject({
      role: null,
      room: null,
      model: 'toy',
      backend: 'auto',
      precision: 'auto',
      scheme: 'synchronous',
      aggregation: 'fedavg',
      compression: 'none',
      fractionTrain: 1,
      overSelection: 0,
      clusterBy: 'similarity',
      clusters: null,
      reclusterEvery: 5,
      clusterMixing: 0,
      resourceWeight: 0,
      asyncMethod: 'fedbuff',
      bufferSize: null,
      asyncMixing: 0.6,
      staleness: 'polynomial',
      mostStale: 20,
      concurrency: null,
      topology: 'full',
      degree: 4,
      mixing: 'metropolis',
      preset: null,
      corpus: null,
      partition: 'iid',
      rank: 8,
      alpha: 16,
      targets: ['c_attn', 'c_proj', 'c_fc'],
      lr: 5e-3,
      proximal: 0,
      serverMomentum: 0.5,
      localSteps: 20,
      batch: 8,
      allocation: 'even',
      deadline: 60,
      edgeRounds: 2,
      edges: 2,
      rounds: 10,
      seed: 7,
      autostart: null,
      slow: 1,
      name: null,
      lang: null,
      wall: null,
      view: 'full',
      mode: null,
      admitAll: false,
      baselines: true,
    })
    expect(federatingOf(settings).aggregation).toMatchObject({ serverRate: 1, serverMomentum: 0.5 })
  })
})

describe('a room that was stored before', () => {
  /** As it lay there: every value is said, and `serverRate` was a number even where nobody chose it. */
  const stored = {
    role: 'coordinator',
    room: 'ROOM',
    model: 'toy',
    backend: 'auto',
    precision: 'auto',
    scheme: 'hierarchical',
    aggregation: 'fedadam',
    compression: 'int8',
    fractionTrain: 1,
    overSelection: 0,
    clusterBy: 'similarity',
    clusters: null,
    reclusterEvery: 5,
    clusterMixing: 0,
    resourceWeight: 0,
    asyncMethod: 'fedbuff',
    bufferSize: null,
    asyncMixing: 0.6,
    staleness: 'polynomial',
    mostStale: 20,
    concurrency: null,
    topology: 'full',
    degree: 4,
    mixing: 'metropolis',
    preset: 'quick',
    corpus: 'facts',
    partition: 'iid',
    rank: 4,
    alpha: 16,
    targets: ['c_attn'],
    lr: 0.005,
    serverRate: 0.001,
    proximal: 0,
    serverMomentum: 0.5,
    localSteps: 20,
    batch: 8,
    allocation: 'even',
    deadline: 60,
    edgeRounds: 2,
    edges: 2,
    rounds: 4,
    seed: 7,
    autostart: null,
    slow: 1,
    name: 'Otter',
    lang: null,
    wall: null,
    view: 'full',
    mode: null,
    admitAll: false,
    baselines: true,
  }

  it('is the same room, with what has been added since as it was then', () => {
    const { settings, problems } = checkSettings(stored)
    expect(problems).toEqual([])
    expect(settings).toMatchObject(stored)
    expect(settings).toMatchObject({ waitsForAll: false, clusterMethod: 'k-means', devicesPerEdge: 8 })
    expect(settingsToSearch(settings)).toContain('preset=quick')
  })
})
