import { expect, it } from 'vitest'
import { emitter } from '../../lib/emitter'
import { sha256Hex } from '../../lib/hash'
import { decodeAdapter } from '../../model/adapter'
import { seededIdentities } from '../../network/identity/seeded'
import type { NetworkEvents, Peer } from '../../network/network'
import { virtualClock } from '../../network/time/virtual-clock'
import { federatingOf } from '../../settings/derived/merging'
import { defaultSettings } from '../../settings/reading'
import { towards, toyCompute } from '../fixtures/room'
import { settle } from '../fixtures/villain'
import { createMerger } from '../merging/merger'
import { makeTab } from '../tab/tab'
import type { FromCoordinator } from '../wire/messages'
import { holdAdapter } from './holding'
import { OwnEdge } from './ownEdge'

const coordinatorOf = (byte: number): Peer => ({
  id: `coordinator ${byte}`,
  role: 'coordinator',
  name: 'A coordinator',
  deviceKey: `${byte}`,
  publicKey: new Uint8Array(65).fill(byte),
  phrase: null,
  transport: 'memory',
  liveness: 'live',
  roundTripMs: null,
  traffic: { sent: 0, received: 0 },
})

/** A tab that merges for others, under a coordinator that has announced this version. */
async function edgeWith(version: number) {
  const clock = virtualClock()
  const compute = toyCompute(() => towards(1))
  const opened = await compute.open({
    model: 'toy',
    backend: 'cpu',
    adapter: { rank: 1, alpha: 2, targets: ['w'] },
    seed: 1,
  })
  const holding = holdAdapter(() => federatingOf(defaultSettings))
  const said: FromCoordinator[] = []
  const events = emitter<NetworkEvents>()
  const first = coordinatorOf(1)
  const ownEdge = new OwnEdge({
    tab: makeTab(defaultSettings, 'e', 'An edge', clock),
    clock,
    network: { peers: new Map([[first.id, first]]), on: events.on, lanBytes: 0 },
    identity: seededIdentities(1)('e'),
    outbox: { toDevice: (_, message) => void said.push(message), say() {} },
    holding,
    openMerging: () => ({ merging: createMerger(), close() {} }),
    workplace: { on: () => () => {}, engine: () => ({ compute, opened, close() {} }) },
  })
  const bytes = opened.initialAdapter
  const arrives = (newer: number) => {
    const message = { adapter: 'global', version: newer, hash: sha256Hex(bytes), folds: 0, change: null }
    const like = decodeAdapter(bytes, opened.adapter)
    expect(holding.load({ type: 'adapter', ...message, signature: 'a1' }, bytes, like)).toBe('loaded')
    ownEdge.adopt(holding.common()!)
  }
  arrives(version)
  return {
    arrives,
    meets: (byte: number) => events.emit('join', coordinatorOf(byte)),
    /** The versions that are passed on to a device that enrols. */
    async passesOn(device: string): Promise<readonly number[]> {
      said.length = 0
      ownEdge.opened()!.hear(device, { type: 'enroll', number: 1 }, null)
      await settle()
      await clock.run(clock.now() + 1_000)
      await settle()
      return said.flatMap((message) => (message.type === 'adapter' ? [message.version] : []))
    },
  }
}

it('An edge passes on what its coordinator has announced, also after a link to it was lost, and nothing of a former one', async () => {
  const edge = await edgeWith(2)
  expect(await edge.passesOn('a')).toEqual([2])
  edge.meets(1)
  expect(await edge.passesOn('b')).toEqual([2])
  edge.meets(2)
  expect(await edge.passesOn('c')).toEqual([])
  edge.arrives(1)
  await settle()
  expect(await edge.passesOn('d')).toEqual([1])
})
