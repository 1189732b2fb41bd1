import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Extension } from './extension'
import { federationInMemory } from './fixtures/room'
import { until } from './fixtures/world'
import type { Part } from './part'

const call = z.discriminatedUnion('type', [z.object({ type: z.literal('call'), number: z.number() })])
type Call = z.output<typeof call>
const answers = 5

/** Any two tabs: one calls in a message, the other answers in a whisper. */
const telephone: Extension = {
  name: 'telephone',
  open(_tab, router) {
    const heard: string[] = []
    let network: Part['network'] | null = null
    router.understand<Call>({ schema: call, attachedBytes: {} }).hear((from, { number }) => {
      heard.push(`${from.deviceKey} calls ${number}`)
      void network?.whisper(from.id, answers, Uint8Array.of(number + 1))
    })
    router.whispers({ channel: answers, name: 'answers', mostBytes: 1 }, (from, [number]) => {
      heard.push(`${from.deviceKey} answers ${number}`)
    })
    return {
      entered(part) {
        network = part.network
        network.on('sighted', () => network?.reach('telephone', network.sighted))
        network.on('join', ({ id }) => void network?.send(id, { type: 'call', number: 1 }))
        network.reach('telephone', network.sighted)
        for (const id of network.peers.keys()) void network.send(id, { type: 'call', number: 1 })
      },
      snapshot: () => [...heard].sort(),
      close: () => heard.push('closed'),
    }
  },
}

describe('a room of the house beside the federation', () => {
  it('hears and speaks between any two tabs, over links that it asked for, whatever their roles', async () => {
    const room = federationInMemory([telephone])
    const coordinator = await room.coordinator('rounds=1')
    const nodes = [coordinator, await room.device('a', 1), await room.device('b', 2)]
    await expect
      .poll(() => nodes.map((node) => (node.snapshot().extensions.telephone as string[]).length))
      .toEqual([4, 4, 4])
    expect(nodes[1].snapshot().extensions.telephone).toEqual([
      'b answers 2',
      'b calls 1',
      'coordinator answers 2',
      'coordinator calls 1',
    ])
    coordinator.start()
    await until(coordinator, ({ history }) => history.length === 1)
    for (const node of nodes)
      expect(node.store.getState().problems.filter(({ code }) => code === 'bad-message')).toEqual([])
    await nodes[2].leave()
    expect(nodes[2].snapshot().extensions.telephone).toContain('closed')
  })
})
