import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edgeAdapter } from '../../federation/names'
import { type Will, willText } from '../../federation/succession/will'
import { emitter } from '../../lib/emitter'
import { publicHalfOf, seededIdentities } from '../../network/identity/seeded'
import type { Message, NetworkEvents, Peer } from '../../network/network'
import { type Notary, notaryOf } from '../coordinator/notary'
import { vouchingOf } from '../edge/vouching'
import type { EdgeOrderMessage, FromCoordinator, ToDevice } from '../wire/messages'
import { beliefOf } from './belief'

const code = 'TEST'
const hash = 'ab'.repeat(32)
const identities = seededIdentities(3)
const identity = identities('all')
const notaryFor = (word: string): Notary =>
  notaryOf(identity, { code, secret: 's', publicKeyHash: '', signingKey: identities.keyOf(word) })
const sign = notaryFor('coordinator')

const peer = (word: string, role: Peer['role']): Peer => ({
  id: `peer of ${word}`,
  role,
  name: word,
  deviceKey: word,
  publicKey: publicHalfOf(identities.keyOf(word)),
  phrase: null,
  transport: 'memory',
  liveness: 'live',
  roundTripMs: 1,
  traffic: { sent: 0, received: 0 },
})
const coordinator = peer('coordinator', 'coordinator')
const edge = peer('edge', 'edge')

/** A device: what it believes, of what it was told, by whom. */
function device() {
  const doubted: string[] = []
  const belief = beliefOf({
    network: { peers: new Map([[coordinator.id, coordinator]]), on: emitter<NetworkEvents>().on },
    identity,
    code,
    doubt: ({ message }) => doubted.push(message.type),
  })
  const hear = async (from: Peer, message: FromCoordinator): Promise<string[]> => {
    const heard = await belief({ from, message, attached: null, letter: message as Message })
    return heard.map((believed) =>
      believed.message.type === 'adapter'
        ? `${believed.message.adapter} ${believed.message.version}`
        : believed.message.type,
    )
  }
  return { hear, doubted }
}

const version = (number: number, adapter = 'global'): ToDevice & { type: 'adapter' } => ({
  type: 'adapter',
  number,
  adapter,
  version: number,
  hash,
  folds: 0,
  change: null,
})
const order = (changes: Partial<ToDevice & { type: 'order' }> = {}): ToDevice & { type: 'order' } => ({
  type: 'order',
  round: 1,
  adapter: 'global',
  version: 3,
  learns: { a: true, b: true },
  steps: 10,
  batch: 4,
  rank: 2,
  precision: null,
  learningRate: 0.1,
  proximal: 0,
  pool: [{ corpus: 'kitchen', first: 0, count: 3 }],
  forRound: 4,
  edge: { round: 4, turn: 1, turns: 2 },
  clip: null,
  ...changes,
})
const edgeOrder: ToDevice & { type: 'edge-order' } = {
  type: 'edge-order',
  number: 1,
  round: 4,
  adapter: 'global',
  version: 3,
  edgeRounds: 2,
  steps: 10,
  batch: 4,
  learningRate: 0.1,
  proximal: 0,
  deadlineMs: 1000,
  devices: ['a'],
  assigned: null,
  secure: null,
  pool: [{ corpus: 'kitchen', first: 0, count: 3 }],
}
const digest = (number: number): ToDevice => ({
  type: 'digest',
  number: 1,
  begins: true,
  devices: [],
  gone: [],
  standing: {
    round: { number, of: 9, stage: null, cohort: 1, arrived: 0, startedAtMs: 1, deadlineAtMs: null },
    phase: { kind: 'running' },
    startedAtMs: 1,
  },
})

/** An edge with the coordinator's order for this round, and the version that it starts from. */
async function appointed(changes: Partial<EdgeOrderMessage> = {}, to = 'edge') {
  const vouching = vouchingOf('edge')
  const announced = (await sign('edge', version(3))) as FromCoordinator & { type: 'adapter' }
  vouching.adopted(version(3), announced.signature)
  vouching.ordered((await sign(to, { ...edgeOrder, ...changes })) as EdgeOrderMessage)
  return vouching
}

describe('what the coordinator says', () => {
  const said: readonly ToDevice[] = [
    version(3),
    order({ edge: null }),
    edgeOrder,
    { type: 'edge-devices', number: 1, round: 4, devices: [] },
    { type: 'attach', number: 1, edge: { key: 'edge', peer: 'p' } },
    digest(4),
    { type: 'shut-out', number: 1, keys: ['mallory'] },
  ]

  it.each(said.map((message) => [message.type, message] as const))(
    'is believed with its signature, and with no other: %s',
    async (type, message) => {
      const { hear, doubted } = device()
      expect(await hear(coordinator, await sign('a', message))).toHaveLength(1)
      expect(doubted).toEqual([])
      expect(await hear(coordinator, await notaryFor('mallory')('a', message)), 'forged').toEqual([])
      const unsigned = { ...(await sign('a', message)), signature: null } as unknown as FromCoordinator
      expect(await hear(coordinator, unsigned), 'unsigned').toEqual([])
      const elsewhere = notaryOf(identity, {
        code: 'ELSE',
        secret: 's',
        publicKeyHash: '',
        signingKey: identities.keyOf('coordinator'),
      })
      expect(await hear(coordinator, await elsewhere('a', message)), 'of another room').toEqual([])
      expect(doubted).toEqual([type, type, type])
    },
  )

  it('is not believed once any of it was changed', async () => {
    const { hear } = device()
    const signed = await sign('a', order({ edge: null }))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('round', 'version', 'steps', 'batch', 'rank', 'forRound'),
        fc.integer({ min: 100, max: 1000 }),
        async (field, value) => {
          expect(await hear(coordinator, { ...signed, [field]: value } as FromCoordinator)).toEqual([])
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('a will', () => {
  it('is believed where the coordinator has signed it, for this room, and so is what heirs are given', async () => {
    const { hear, doubted } = device()
    const bare = { code, term: 0, serial: 1, version: 1, roster: ['a', 'b', 'c'], heirs: ['a'] }
    const own = { ...bare, adapterHash: hash, settingsHash: hash }
    const willOf = async (word: string, will: Will): Promise<FromCoordinator> => {
      const { publicKey } = peer(word, 'device')
      const signature = await identity.sign(identities.keyOf(word), willText(will))
      return { type: 'will', will: { ...will, by: bytesToHex(publicKey), signature: bytesToHex(signature) } }
    }
    expect(await hear(coordinator, await willOf('coordinator', own))).toEqual(['will'])
    expect(await hear(coordinator, await sign('a', { type: 'estate', number: 1, hash }))).toEqual(['estate'])
    expect(await hear(coordinator, await willOf('mallory', own))).toEqual([])
    expect(await hear(coordinator, await willOf('coordinator', { ...own, code: 'OTHER' }))).toEqual([])
    const signed = await willOf('coordinator', own)
    const changed = signed.type === 'will' && { ...signed, will: { ...signed.will, heirs: ['mallory'] } }
    expect(changed && (await hear(coordinator, changed))).toEqual([])
    const estate = await notaryFor('mallory')('a', { type: 'estate', number: 2, hash })
    expect(await hear(coordinator, estate)).toEqual([])
    expect(doubted).toEqual(['will', 'will', 'will', 'estate'])
  })
})

describe('an edge', () => {
  it('passes on what the coordinator has signed, and orders what its warrant says', async () => {
    const { hear, doubted } = device()
    const vouching = await appointed()
    expect(await hear(edge, vouching.vouched(version(3)))).toEqual(['global 3'])
    expect(await hear(edge, vouching.vouched(order()))).toEqual(['order'])
    const own = edgeAdapter('edge')
    expect(await hear(edge, vouching.vouched(version(8, own)))).toEqual([`${own} 8`])
    const next = order({ adapter: own, version: 8, edge: { round: 4, turn: 2, turns: 2 } })
    expect(await hear(edge, vouching.vouched(next))).toEqual(['order'])
    expect(doubted).toEqual([])
  })

  it('without a warrant hands out and orders nothing of its own', async () => {
    const { hear } = device()
    const rogue = vouchingOf('edge')
    for (const message of [version(77), version(8, edgeAdapter('edge')), order()])
      expect(await hear(edge, rogue.vouched(message))).toEqual([])
  })

  it('passes for no other with a warrant that is another’s', async () => {
    const { hear } = device()
    const vouching = await appointed()
    const rogue = peer('rogue', 'edge')
    expect(await hear(rogue, vouching.vouched(order()))).toEqual([])
    const forged = await appointed({}, 'rogue') // it was made out to the rogue, and shows it as another's
    expect(await hear(edge, forged.vouched(order()))).toEqual([])
  })

  it('makes up no version of the coordinator’s, also with a warrant', async () => {
    const { hear } = device()
    const vouching = await appointed()
    expect(await hear(edge, vouching.vouched({ ...version(77), hash: 'cd'.repeat(32) }))).toEqual([])
    expect(await hear(edge, vouching.vouched(version(77))), 'a signature of another version').toEqual([])
    const others = edgeAdapter('somebody else')
    expect(await hear(edge, vouching.vouched({ ...version(8, others), hash: 'cd'.repeat(32) }))).toEqual([])
  })

  it.each<[string, Partial<ToDevice & { type: 'order' }>]>([
    ['more steps', { steps: 11 }],
    ['more rows', { batch: 5 }],
    ['another learning rate', { learningRate: 10 }],
    ['another pull to the start', { proximal: 1 }],
    ['other texts to be measured on', { pool: [] }],
    ['a longer change', { clip: 100 }],
    ['another round', { forRound: 5 }],
    ['a turn too many', { edge: { round: 4, turn: 3, turns: 3 } }],
    ['no edge round at all', { edge: null }],
    ['another start', { version: 2 }],
    ['somebody else’s adapter', { adapter: edgeAdapter('somebody else') }],
  ])('orders nothing beyond its warrant: %s', async (_, change) => {
    const { hear, doubted } = device()
    const vouching = await appointed()
    expect(await hear(edge, vouching.vouched(order(change)))).toEqual([])
    expect(doubted).toEqual(['order'])
  })

  it('may give as much work as any device was given', async () => {
    const { hear } = device()
    const assigned = { a: { rank: 2, steps: 25, batch: 8, precision: 'float32' as const } }
    const vouching = await appointed({ assigned })
    expect(await hear(edge, vouching.vouched(order({ steps: 25, batch: 8 })))).toEqual(['order'])
    expect(await hear(edge, vouching.vouched(order({ steps: 26, batch: 8 })))).toEqual([])
  })

  it('cannot come with a warrant of a round that is over', async () => {
    const { hear } = device()
    const vouching = await appointed()
    await hear(coordinator, await sign('a', digest(5)))
    expect(await hear(edge, vouching.vouched(order()))).toEqual([])
    expect(await hear(edge, vouching.vouched(version(8, edgeAdapter('edge'))))).toEqual([])
  })

  it('sets nobody back to an older version, but where the coordinator itself orders from it', async () => {
    const { hear, doubted } = device()
    await hear(coordinator, await sign('a', version(7)))
    const vouching = await appointed()
    const early = vouchingOf('edge')
    early.adopted(
      version(3),
      ((await sign('edge', version(3))) as FromCoordinator & { type: 'adapter' }).signature,
    )
    expect(await hear(edge, early.vouched(version(3)))).toEqual([])
    expect(doubted, 'it may still be asked for').toEqual([])
    expect(await hear(edge, vouching.vouched(order()))).toEqual(['global 3', 'order'])
  })
})
