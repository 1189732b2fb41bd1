/**
 * Who merges for others. To ask for it is everybody's right; without the coordinator's word no device is sent to whoever
 * asks, and what it makes up reaches nobody.
 */
import type { Message } from '../../../src/network/network'
import { attack, type Case } from '../case'
import { type Besieged, besiege } from '../rooms/invariants'
import type { Liar } from '../rooms/liar'

const hierarchical = { sameHash: true, query: 'scheme=hierarchical&edges=0&edgeRounds=1' } as const
const flat = { sameHash: true } as const

/** Nobody is told that this liar is its edge. */
function attachments(room: Besieged): string[] {
  const { devices } = room.coordinator.store.getState()
  const liar = devices.find(({ key }) => key === 'mallory')
  return [
    ...(liar?.isEdge ? ['whoever asks becomes an edge'] : []),
    ...devices.filter(({ edge }) => edge === 'mallory').map(({ key }) => `${key} is sent to it`),
  ]
}

const asking = (
  title: string,
  expectation: typeof hierarchical | typeof flat,
  talk: (liar: Liar) => Promise<void>,
): Case =>
  attack(title, () =>
    besiege(
      async (room) => {
        const liar = await room.liar({ role: 'edge' })
        await liar.hears('welcome')
        await talk(liar)
        await new Promise((resolve) => setTimeout(resolve, 300))
      },
      { ...expectation, look: attachments },
    ),
  )

const volunteers = (pass: string | null): Message => ({ type: 'volunteer', isEdge: true, pass })

const forged = 'ab'.repeat(64)

/** It reaches for the devices themselves and gives them a version of its own. */
async function poison(liar: Liar): Promise<void> {
  await liar.say(volunteers(null))
  liar.network.reach('mischief', [...liar.network.sighted])
  await new Promise((resolve) => setTimeout(resolve, 500))
  const bytes = new Uint8Array(200).fill(7)
  for (const { id, role } of liar.network.peers.values()) {
    if (role === 'coordinator') continue
    for (const message of [
      {
        type: 'adapter',
        number: 9,
        adapter: 'global',
        version: 77,
        hash: 'ab'.repeat(32),
        folds: 0,
        change: null,
        signature: forged,
        warrant: null,
      },
      { type: 'attach', number: 9, edge: { key: liar.key, peer: liar.network.self }, signature: forged },
      { type: 'shut-out', number: 9, keys: ['anna', 'bert'], signature: forged },
      {
        type: 'welcome',
        index: 9,
        settings: { rounds: 1000 },
        modelHash: 'ab'.repeat(32),
        baseLoss: 1,
        baseRecall: 1,
      },
      { type: 'refused', round: 1, reason: 'I say so' },
      {
        type: 'order',
        round: 1,
        adapter: 'global',
        version: 77,
        learns: { a: true, b: true },
        steps: 1000,
        batch: 64,
        rank: 1,
        precision: null,
        learningRate: 10,
        proximal: 0,
        pool: [],
        forRound: 1,
        edge: null,
        signature: forged,
        warrant: null,
      },
      { type: 'update', round: 1 },
      { type: 'enroll', number: 9 },
    ] as Message[])
      await liar.network
        .send(id, message, message.type === 'adapter' ? { attachment: bytes } : {})
        .catch(() => {})
  }
}

export const edges: readonly Case[] = [
  asking('an edge by its own word', hierarchical, (liar) => liar.say(volunteers(null))),
  asking('an edge with a pass that it made up', hierarchical, (liar) =>
    liar.say(volunteers('ab'.repeat(32))),
  ),
  asking('an edge with a pass of nonsense', hierarchical, (liar) => liar.say(volunteers(''))),
  asking('an edge where nobody needs one', flat, (liar) => liar.say(volunteers(null))),
  asking('orders and versions that it gives itself', hierarchical, poison),
  asking('orders and versions that it gives itself, without edges', flat, poison),
]
