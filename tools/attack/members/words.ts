/**
 * Words: names, keys and messages that make no sense, or too much of it. One member says them; everybody else goes on as if
 * it had not.
 */
import { random } from '../../../src/lib/rng'
import type { Message } from '../../../src/network/network'
import { modelHash } from '../../../src/node/fixtures/room'
import { attack, type Case } from '../case'
import { oddDeviceMessage } from '../decoders/messages'
import { type Besieged, besiege, type Expectation } from '../rooms/invariants'
import type { Liar } from '../rooms/liar'
import { ready } from '../rooms/room'

const harmless: Expectation = { sameHash: true }
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const named = (title: string, options: { readonly name?: string; readonly key?: string }): Case =>
  attack(title, () =>
    besiege(async (room) => {
      // Being turned away at the door is as good an answer as any.
      const liar = await room.liar(options).catch(() => null)
      await liar?.say({ type: 'ready', modelHash, backend: 'cpu', device: '', examples: 0, corpus: null })
      await pause(500)
    }, harmless),
  )

const saying = (
  title: string,
  talk: (liar: Liar, room: Besieged) => Promise<unknown>,
  expectation = harmless,
): Case =>
  attack(title, () =>
    besiege(async (room) => {
      const liar = await room.liar()
      await liar.hears('welcome')
      await talk(liar, room)
    }, expectation),
  )

const readyWith = (claims: object): Message =>
  ({ type: 'ready', modelHash, backend: 'cpu', device: '', examples: 0, corpus: null, ...claims }) as Message

const fittingNames = (room: Besieged): readonly string[] => {
  const names = room.coordinator.store.getState().devices.map(({ name }) => name)
  return names.some((name) => name.length > 48 || name.trim() === '')
    ? [`a device is called “${names.at(-1)}”`]
    : []
}

export const words: readonly Case[] = [
  named('a name of 41 letters', { name: 'M'.repeat(41) }),
  named('a name of 64 letters', { name: 'M'.repeat(64) }),
  named('a name of blanks', { name: '   ' }),
  named('a name that writes backwards', { name: '\u202e\u0000\ud800' }),
  named('an empty key', { key: '' }),
  named('a key of 65 letters', { key: 'k'.repeat(65) }),
  named('the key __proto__', { key: '__proto__' }),
  named('the key constructor', { key: 'constructor' }),
  attack('three hundred keys, one after the other', () =>
    besiege(async (room) => {
      for (let at = 0; at < 300; at++) {
        const liar = await room.liar({ key: `key-${at}`, name: `M${at}` }).catch(() => null)
        await liar?.network.leave()
      }
    }, harmless),
  ),
  attack('thirty keys that stay', () =>
    besiege(async (room) => {
      for (let at = 0; at < 30; at++) await room.liar({ key: `key-${at}`, name: `M${at}` })
    }, harmless),
  ),
  saying('an unknown corpus and no examples', (liar) => liar.say(readyWith({ corpus: 'nonsense' }))),
  saying('a corpus that objects have from birth', (liar) => liar.say(readyWith({ corpus: 'constructor' }))),
  saying('another model', (liar) => liar.say(readyWith({ modelHash: '00'.repeat(32), examples: 10 }))),
  saying('a guest without text, who answers nothing', (liar) => liar.hears('adapter')),
  saying('a guest with text who has paused', async (liar) => {
    await liar.isReady(4)
    await liar.say(status('paused'))
    await pause(300)
  }),
  saying('it lacks adapters that there are not', async (liar) => {
    for (const adapter of ['nonsense', 'cluster-99', '__proto__', 'constructor', 'global'])
      for (const version of [0, 1, 77, 2 ** 40]) await liar.say({ type: 'lacks', adapter, version })
  }),
  saying('texts whose length is an object', async (liar) => {
    const odd = { length: { toString: 1 } }
    await liar.say({ type: 'lacks', adapter: odd, version: 1 })
    await liar.say(readyWith({ device: odd }))
    await liar.say({ type: 'loaded', adapter: odd, version: 1, hash: odd })
    await pause(200)
  }),
  saying('it has loaded what there is not', async (liar) => {
    for (const adapter of ['nonsense', '__proto__', 'global'])
      await liar.say({ type: 'loaded', adapter, version: 77, hash: 'ab'.repeat(32) })
  }),
  saying('reports and trials of rounds that never were', async (liar) => {
    const evaluation = { loss: 1e300, tokens: 2 ** 52 }
    for (const round of [0, 1, 2, 3, 99])
      await liar.say({ type: 'report', round, alone: evaluation, aloneRecall: 1e300, own: null })
    await liar.say({ type: 'tried', round: 1, adapter: 'global', loss: 1 })
  }),
  saying('it measures itself infinitely fast', async (liar) => {
    await liar.say({ type: 'measured', tokensPerSecond: 1e308, tokensPerRow: 1e-308, memoryBytes: 1e308 })
    await liar.say({ type: 'measured', edgeRoundTripsMs: { ['x'.repeat(64)]: -1, __proto__: 1 } })
  }),
  saying(
    'it renames itself without end',
    async (liar) => {
      for (let at = 0; at < 50; at++) await liar.say({ type: 'rename', name: `M${'x'.repeat(at)}` })
      await liar.say({ type: 'rename', name: ' \t ' })
      await pause(600)
    },
    { ...harmless, look: fittingNames },
  ),
  saying('messages for others: orders, digests, welcomes', async (liar) => {
    for (const heard of [...liar.heard]) await liar.say(heard)
    await liar.say({ type: 'order', round: 1 })
    await liar.say({ type: 'digest', number: 1, begins: true, devices: [], gone: [], standing: null })
    await liar.say({ type: 'refused', round: 1, reason: 'no' })
  }),
  saying('updates and forwards that nobody ordered', async (liar) => {
    for (const round of [0, 1, 2, 3]) {
      await liar.update({ type: 'order', round, version: 0 }, [9, 9, 9, 9])
      await liar.say({ type: 'forward', round, version: 0, examples: 0 })
    }
  }),
  attack(
    'thousands of odd messages',
    (seed) =>
      besiege(async (room) => {
        const liar = await room.liar()
        await liar.hears('welcome')
        const dice = random(seed, 'odd talk')
        for (let at = 0; at < 2000; at++) {
          const message = oddDeviceMessage(seed, at) as Message
          // It stays a guest without text: what it would train is another case's business.
          if (message?.type === 'ready') continue
          await liar.say(message, dice.int(20) === 0 ? new Uint8Array(dice.int(100)) : undefined)
          if (at % 20 === 0) await pause(100) // slower than any budget
        }
      }, harmless),
    { limitMs: 60_000 },
  ),
]

const status = (activity: string): Message => ({
  type: 'status',
  activity,
  round: 0,
  step: 0,
  steps: 0,
  loss: null,
  tokensPerSecond: null,
})

/** An update that comes twice counts once; one of the round before counts not at all. */
const replays = attack('its update again, and again in the next round', () =>
  besiege(
    async (room) => {
      const liar = await room.liar()
      await liar.hears('welcome')
      await liar.isReady(4)
      await ready(room.coordinator, 4)
      let first: Message | null = null
      const answered = new Set<unknown>()
      liar.network.on('message', (_, message) => {
        if (message.type === 'adapter')
          void liar.say({
            type: 'loaded',
            adapter: message.adapter,
            version: message.version,
            hash: message.hash,
          })
        if (message.type !== 'order' || answered.has(message.round)) return
        answered.add(message.round)
        void (async () => {
          if (first) for (let times = 0; times < 5; times++) await liar.update(first, [0.1, 0.1, 0, 0])
          for (let times = 0; times < 5; times++) await liar.update(message, [0.1, 0.1, 0, 0])
          first ??= message
        })()
      })
    },
    // As far as everybody, each round: the same place as without it.
    { sameHash: false, heldOut: [2.7, 2.74] },
  ),
)

/** Keys stand in every digest, so everybody knows them. */
const stolen = (hurries: boolean) =>
  attack(`somebody else’s key${hurries ? ', as an edge' : ''}`, async () => {
    let orders = 0
    const rest = await besiege(
      async (room) => {
        const liar = await room
          .liar({ key: 'anna', name: 'Anna', role: hurries ? 'edge' : 'device' })
          .catch(() => null)
        await liar?.isReady(4)
        liar?.network.on('message', (_, message) => {
          if (message.type === 'order') orders++
        })
        await pause(300)
      },
      { ...harmless, patienceMs: 45_000 },
    )
    return [...(orders > 0 ? [`it is given ${orders} orders that were hers`] : []), ...rest]
  })

export const wordCases: readonly Case[] = [...words, replays, stolen(false), stolen(true)]
