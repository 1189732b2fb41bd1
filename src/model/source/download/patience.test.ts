import { describe, expect, it } from 'vitest'
import { sleep } from '../../../lib/async'
import { startFileServer } from '../fixtures/fileServer'
import { serverSource } from '../server'
import { alone, ownLocks, Stuck } from './patience'
import { memoryStore } from './store'

const patience = { turns: 3, turnMs: 40 }
const forEver = () => new Promise<never>(() => {})

describe('who waits for a lock', () => {
  it('gets it when it is free, and after whoever has it, also where that one failed', async () => {
    const locks = ownLocks()
    const order: string[] = []
    const one = alone(locks, 'a', async () => {
      await sleep(20)
      order.push('one')
      throw new Error('broken')
    })
    const other = alone(locks, 'a', async () => order.push('other'))
    await expect(one).rejects.toThrow('broken')
    await other
    expect(order).toEqual(['one', 'other'])
    expect(await alone(locks, 'b', async () => 'at once', patience)).toBe('at once')
  })

  it('waits as long as the other gives signs of life, and not for ever where it gives none', async () => {
    const locks = ownLocks()
    const moving = alone(
      locks,
      'a',
      async (alive) => {
        for (let sign = 0; sign < 12; sign++) {
          alive()
          await sleep(patience.turnMs / 2)
        }
      },
      patience,
    )
    const began = performance.now()
    expect(await alone(locks, 'a', async () => 'done', patience)).toBe('done')
    expect(performance.now() - began).toBeGreaterThan(patience.turns * patience.turnMs)
    await moving
    void alone(locks, 'a', forEver, patience)
    await expect(alone(locks, 'a', async () => 'never', patience)).rejects.toThrow(Stuck)
  })

  it('does nothing later, once it has given up', async () => {
    const locks = ownLocks()
    let end = () => {}
    const held = alone(locks, 'a', () => new Promise<void>((resolve) => (end = resolve)), patience)
    let runs = 0
    await expect(alone(locks, 'a', async () => runs++, patience)).rejects.toThrow(Stuck)
    end()
    await held
    expect(await alone(locks, 'a', async () => 'next', patience)).toBe('next')
    expect(runs).toBe(0)
  })
})

describe('a file that a suspended tab was fetching', () => {
  it('is fetched by the next tab for itself, which says so; what the other one had is still there', async () => {
    const server = await startFileServer()
    const body = Uint8Array.from({ length: 100_000 }, (_, index) => index >> 3)
    server.files.set('/models/toy/model.safetensors', { body })
    const store = memoryStore(patience)
    const open = () => serverSource(`${server.address}/models/toy/`, store).open('model.safetensors')
    const names = new Set<string>()
    const { alone: locking } = store
    store.alone = (name, work) => {
      names.add(name)
      return locking(name, work)
    }
    server.breaks.push(40_000, 0, 0, 0)
    await expect((await open()).fetch()).rejects.toThrow(/cut off after 40000 bytes/)
    const [name] = names
    let resume = () => {}
    const suspended = locking(name, () => new Promise<void>((resolve) => (resume = resolve)))
    const said: string[] = []
    const whole = await (await open()).fetch(undefined, (what) => said.push(what))
    expect(Buffer.compare(await whole.read(0, body.length), body)).toBe(0)
    expect(said).toEqual([expect.stringMatching(/fetching model.safetensors and does not go on/)])
    expect((await store.read(name))?.size).toBe(40_000)
    resume()
    await suspended
    await (await open()).fetch(undefined, (what) => said.push(what))
    expect(said).toHaveLength(1)
    expect(server.requests.at(-1)).toMatch(/bytes=40000-$/)
    await server.close()
  })
})
