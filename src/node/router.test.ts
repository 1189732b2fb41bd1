import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Peer } from '../network/network'
import { memoryNetwork } from './fixtures/memory-network'
import { type Language, routerOf } from './router'

const greeting = z.discriminatedUnion('type', [
  z.object({ type: z.literal('greeting'), words: z.string().max(10) }),
  z.object({ type: z.literal('farewell') }),
])
type Greeting = z.output<typeof greeting>
const language: Language<Greeting> = { schema: greeting, attachedBytes: { greeting: () => 100 } }
const other = z.discriminatedUnion('type', [z.object({ type: z.literal('greeting') })])
const turn = () => new Promise((resolve) => setImmediate(resolve))
const joining = { role: 'device' } as Parameters<ReturnType<typeof memoryNetwork>['join']>[0]

/** A coordinator's router, and a device that says what it likes. */
async function scene() {
  const problems: string[] = []
  const router = routerOf({ problem: (code, message) => problems.push(`${code}: ${message}`) })
  const hub = memoryNetwork()
  const here = hub.open('Coordinator', { signingKey: hub.keyOf('coordinator') })
  const there = hub.join({ ...joining, name: 'Ada', signingKey: hub.keyOf('ada') })
  await turn()
  const say = async (message: { type: string } & Record<string, unknown>) => {
    await there.send(here.self, message)
    await turn()
  }
  return { router, problems, here, there, say }
}

describe('a router', () => {
  it('says to the network what is understood, and how much may be attached', async () => {
    const { router } = await scene()
    router.understand(language)
    router.whispers({ channel: 3, name: 'tokens', mostBytes: 9 }, () => {})
    expect([...router.understood.letters].map(([kind, bytes]) => [kind, bytes()])).toEqual([
      ['greeting', 100],
      ['farewell', 0],
    ])
    expect([...router.understood.whispers]).toEqual([[3, { name: 'tokens', mostBytes: 9 }]])
  })

  it('lets two never understand the same', async () => {
    const { router } = await scene()
    router.understand(language)
    router.whispers({ channel: 3, name: 'tokens', mostBytes: 9 }, () => {})
    expect(() => router.understand({ schema: other, attachedBytes: {} })).toThrow('understood already')
    expect(() => router.whispers({ channel: 3, name: 'more', mostBytes: 9 }, () => {})).toThrow('is taken')
  })

  it('brings each kind to who understands it, read by its schema', async () => {
    const { router, problems, here, there, say } = await scene()
    const heard: unknown[] = []
    router.understand(language).hear(({ name }, said) => heard.push([name, said]))
    router.whispers({ channel: 3, name: 'tokens', mostBytes: 9 }, ({ name }, bytes) =>
      heard.push([name, ...bytes]),
    )
    router.listen(here)
    await say({ type: 'greeting', words: 'hello', beside: 1 })
    await there.whisper(here.self, 3, Uint8Array.of(1, 2))
    await turn()
    expect(heard).toEqual([
      ['Ada', { type: 'greeting', words: 'hello' }],
      ['Ada', 1, 2],
    ])
    expect(problems).toEqual([])
  })

  it('drops and shows what nobody understands, what does not fit, and what its sender may not say', async () => {
    const { router, problems, here, say } = await scene()
    const heard: unknown[] = []
    const judge = (_: Peer, kind: string) => (kind === 'farewell' ? 'nonsense' : 'heard')
    router.understand(language).hear((_, said) => heard.push(said), judge)
    router.listen(here)
    await say({ type: 'x'.repeat(1000) })
    await say({ type: 'greeting', words: 'much too long' })
    await say({ type: 'farewell' })
    expect(heard).toEqual([])
    expect(problems).toEqual(
      ['of an unknown kind', 'greeting', 'farewell'].map((kind) =>
        expect.stringContaining(`bad-message: Ada sent a message (${kind}) that makes no sense here`),
      ),
    )
  })

  it('ignores what comes too late, and whoever is not known', async () => {
    const { router, problems, here, say } = await scene()
    const heard: unknown[] = []
    let isKnown = true
    router.understand(language).hear(
      (_, said) => heard.push(said),
      () => 'ignored',
    )
    router.listen(here, () => isKnown)
    await say({ type: 'greeting', words: 'hello' })
    isKnown = false
    await say({ type: 'made up' })
    expect([heard, problems]).toEqual([[], []])
  })
})
