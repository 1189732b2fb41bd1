/**
 * A lying coordinator, or rather somebody who speaks as if he were it: an edge between it and a device, or whoever has taken its place on
 * the wire. He changes the version that he passes on, so that two devices train from two models; orders a thousand steps; says that the
 * round is another; shuts a device out; appoints himself as its edge. Every letter looks as the coordinator's do.
 *
 * What meets it: the coordinator's signature stands under each of these, and a device believes none without
 * (node/device/belief.ts, which is asked here; without the defence its own signature check is handed one that always says yes). The
 * number is the share of forged letters that a device would act on. What a coordinator says in its own name is not met by
 * that: it can sign two versions, and decides who is in. Against what it could read there are masks and noise.
 */
import { emitter } from '../../../lib/emitter'
import type { Identity } from '../../../network/identity/identity'
import { publicHalfOf, seededIdentities } from '../../../network/identity/seeded'
import type { Message, NetworkEvents, Peer } from '../../../network/network'
import { notaryOf } from '../../../node/coordinator/notary'
import { beliefOf } from '../../../node/device/belief'
import type { FromCoordinator, ToDevice } from '../../../node/wire/messages'
import type { Attack } from '../attack'

const code = 'LAB'

export const orders: Attack<'orders'> =
  async ({ seed }) =>
  async (arm) => {
    const identities = seededIdentities(seed)
    const identity = identities('orders')
    const [own, liars] = ['coordinator', 'liar'].map(identities.keyOf)
    const [notary, liar] = [own, liars].map((signingKey) =>
      notaryOf(identity, { code, secret: '', publicKeyHash: '', signingKey }),
    )
    const coordinator = peerWith('coordinator', publicHalfOf(own))
    const edge = peerWith('edge', publicHalfOf(liars))
    const checks = arm === 'undefended' ? { ...identity, isSignedBy: async () => true } : identity
    const believes = deviceOf(coordinator, checks)
    let [acted, tried] = [0, 0]
    for (const [letter, lie] of lies) {
      const genuine = await notary('device', letter)
      await believes(coordinator, genuine)
      if (arm === 'nobody') continue
      const resigned = await liar('device', lie)
      const altered = { ...(await notary('device', letter)), ...lie } as FromCoordinator
      for (const forged of [resigned, altered])
        for (const from of forged.type === 'adapter' ? [coordinator, edge] : [coordinator]) {
          tried++
          if (await believes(from, forged)) acted++
        }
    }
    return tried === 0 ? 0 : acted / tried
  }

/** Whether a device that knows this coordinator would act on a letter. */
function deviceOf(coordinator: Peer, identity: Identity) {
  const belief = beliefOf({
    network: { peers: new Map([[coordinator.id, coordinator]]), on: emitter<NetworkEvents>().on },
    identity,
    code,
    doubt() {},
  })
  return async (from: Peer, message: FromCoordinator): Promise<boolean> =>
    (await belief({ from, message, attached: null, letter: message as Message })).length > 0
}

const peerWith = (role: 'coordinator' | 'edge', publicKey: Peer['publicKey']): Peer => ({
  id: role,
  role,
  name: role,
  deviceKey: role,
  publicKey,
  phrase: null,
  transport: 'memory',
  liveness: 'live',
  roundTripMs: null,
  traffic: { sent: 0, received: 0 },
})

type Told<Kind extends ToDevice['type']> = ToDevice & { readonly type: Kind }

const version: Told<'adapter'> = {
  type: 'adapter',
  number: 1,
  adapter: 'global',
  version: 3,
  hash: 'ab'.repeat(32),
  folds: 0,
  change: null,
}
const order: Told<'order'> = {
  type: 'order',
  round: 4,
  adapter: 'global',
  version: 3,
  learns: { a: true, b: true },
  steps: 20,
  batch: 8,
  rank: 8,
  precision: null,
  learningRate: 5e-3,
  proximal: 0,
  pool: [],
  forRound: 4,
  edge: null,
  clip: null,
}
const round = { number: 4, of: 9, stage: null, cohort: 1, arrived: 0, startedAtMs: 1, deadlineAtMs: null }
const digest: Told<'digest'> = {
  type: 'digest',
  number: 1,
  begins: true,
  devices: [],
  gone: [],
  standing: { round, phase: { kind: 'running' }, startedAtMs: 1 },
}

/** What a coordinator says in a round, and the same with a lie in it. */
const lies: readonly (readonly [said: ToDevice, lie: ToDevice])[] = [
  [version, { ...version, number: 2, version: 4, hash: 'cd'.repeat(32) }],
  [order, { ...order, steps: 1000 }],
  [digest, { ...digest, number: 2, standing: null }],
  [
    { type: 'shut-out', number: 1, keys: [] },
    { type: 'shut-out', number: 2, keys: ['victim'] },
  ],
  [
    { type: 'attach', number: 1, edge: null },
    { type: 'attach', number: 2, edge: { key: 'liar', peer: 'liar' } },
  ],
]
