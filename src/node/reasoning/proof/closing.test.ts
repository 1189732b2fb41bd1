import { describe, expect, it } from 'vitest'
import type { Network } from '../../../network/network'
import { tabClock } from '../../../network/time/clock'
import { memoryNetwork } from '../../fixtures/memory-network'
import { routerOf } from '../../router'
import { listenForClosing } from './closing'

/** A coordinator and two devices; what each does when it is to close. */
async function room(keeps = true) {
  const memory = memoryNetwork()
  const [problems, done]: string[][] = [[], []]
  const enter = (network: Network, name: string) => {
    const router = routerOf({ problem: (_, message) => problems.push(message) })
    const listen = listenForClosing(router)
    router.listen(network)
    const reopen = () => void done.push(`${name} reopens`)
    const fallSilent = () => void done.push(`${name} is silent`)
    return { network, close: listen({ network, clock: tabClock(), keeps, fallSilent, reopen }) }
  }
  const join = (name: string) =>
    memory.join({
      code: 'TEST',
      role: 'device',
      name,
      signingKey: memory.keyOf(name),
      secret: 's',
      publicKeyHash: 'k',
      waitMs: 0,
      understood: { letters: new Map(), whispers: new Map() },
    })
  const coordinator = enter(memory.open('c', { signingKey: memory.keyOf('c') }), 'c')
  const [a, b] = [enter(await join('a'), 'a'), enter(await join('b'), 'b')]
  await expect.poll(() => [coordinator, a, b].map(({ network }) => network.peers.size)).toEqual([2, 1, 1])
  return { memory, coordinator, a, problems, done }
}

describe('closing a tab for a proof', () => {
  it('silences it before it says that it closes, and opens it again', async () => {
    const { coordinator, a, done } = await room()
    expect(await coordinator.close(a.network.self)).toBe(true)
    await expect.poll(() => done).toEqual(['a is silent', 'a reopens'])
  })

  it('leaves a tab whose browser keeps nothing as it is, which says so', async () => {
    const { coordinator, a, done } = await room(false)
    expect(await coordinator.close(a.network.self)).toBe(false)
    expect(done).toEqual([])
  })

  it('takes the word from a coordinator only', async () => {
    const { coordinator, a, done, problems } = await room()
    await a.network.send(coordinator.network.self, { type: 'proof-close' })
    await expect.poll(() => problems).toEqual([expect.stringContaining('makes no sense here')])
    expect(done).toEqual([])
  })

  it('counts whoever dies meanwhile as closed', async () => {
    const { memory, coordinator, a } = await room()
    const closing = coordinator.close(a.network.self)
    memory.kill('a')
    expect(await closing).toBe(true)
  })
})
