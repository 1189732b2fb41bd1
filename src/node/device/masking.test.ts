import { describe, expect, it } from 'vitest'
import { toBase64 } from '../../lib/base64'
import { seededIdentities } from '../../network/identity/seeded'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import { usualOrder } from '../fixtures/order'
import { settle } from '../fixtures/villain'
import { makeTab } from '../tab/tab'
import { handUnder } from '../wire/hands'
import type { FromWhoMerges, ToWhoMerges } from '../wire/secureMessages'
import { Masking, type Result } from './masking'

const identities = seededIdentities(5)
const session = 'ab'.repeat(16)

type Keys = ToWhoMerges & { type: 'secure-keys' }
type List = FromWhoMerges & { type: 'secure-list' }

/** A device of this name, and what it says next. */
function device(name: string) {
  const heard: ToWhoMerges[] = []
  const waiting: ((message: ToWhoMerges) => void)[] = []
  const masking = new Masking(
    makeTab(defaultSettings, name, name, virtualClock()),
    identities(name),
    identities.keyOf(name),
  )
  return {
    masking,
    heard,
    say: (message: FromWhoMerges) =>
      new Promise<ToWhoMerges>((resolve) => {
        waiting.push(resolve)
        masking.hear(message, (answer) => {
          heard.push(answer as ToWhoMerges)
          waiting.shift()?.(answer as ToWhoMerges)
        })
      }),
  }
}

const names = ['a', 'b', 'c', 'd']

/** Four devices that have made keys, and the list of them as an honest coordinator writes it. */
async function begun(devices = names.map(device), id = session) {
  const keys: Keys[] = []
  for (const one of devices)
    keys.push((await one.say({ type: 'secure-begin', round: 1, session: id })) as Keys)
  const list: List = {
    type: 'secure-list',
    session: id,
    merger: null,
    parties: keys.map(({ cipherKey, maskKey, hand }, at) => ({
      device: names[at],
      weight: 64,
      cipherKey,
      maskKey,
      hand,
    })),
  }
  return { devices, list }
}

const refusal = (reason: RegExp) => ({
  type: 'secure-refusal',
  session,
  reason: expect.stringMatching(reason),
})

describe('a list of devices', () => {
  it('in which everybody has signed its own keys is gone by', async () => {
    const { devices, list } = await begun()
    expect(await devices[0].say(list)).toMatchObject({ type: 'secure-shared', session })
  })

  it('in which a coordinator has put keys of its own is refused', async () => {
    const { devices, list } = await begun()
    const own = {
      cipherKey: toBase64(new Uint8Array(65).fill(7)),
      maskKey: toBase64(new Uint8Array(65).fill(8)),
    }
    const parties = list.parties.with(1, { ...list.parties[1], ...own })
    expect(await devices[0].say({ ...list, parties })).toEqual(refusal(/not signed/))
  })

  it('in which a coordinator has signed them itself is refused, too', async () => {
    const { devices, list } = await begun()
    const own = {
      cipherKey: toBase64(new Uint8Array(65).fill(7)),
      maskKey: toBase64(new Uint8Array(65).fill(8)),
    }
    const named = { device: 'b', ...own }
    const hand = await handUnder(identities('liar'), identities.keyOf('liar'), session, named)
    const parties = list.parties.with(1, { ...list.parties[1], ...own, hand })
    expect(await devices[0].say({ ...list, parties })).toEqual(refusal(/not signed/))
  })

  it('with keys of a session before is refused', async () => {
    const { devices, list } = await begun()
    const { device: name, cipherKey, maskKey } = list.parties[1]
    const keys = { device: name, cipherKey, maskKey }
    const hand = await handUnder(identities('b'), identities.keyOf('b'), 'cd'.repeat(16), keys)
    const parties = list.parties.with(1, { ...list.parties[1], hand })
    expect(await devices[0].say({ ...list, parties })).toEqual(refusal(/not signed/))
  })
})

/** What was learned by an order that still counts. */
const learned = (draw: number): Result => ({
  order: usualOrder,
  isCurrent: () => true,
  vector: Float32Array.of(0.5),
  examples: 4,
  loss: 1,
  within: null,
  draw,
})

type Shared = ToWhoMerges & { type: 'secure-shared' }

/** What the others have sealed for the first in this session. */
async function sharesIn(id: string, devices: ReturnType<typeof device>[]): Promise<FromWhoMerges> {
  const { list } = await begun(devices, id)
  const sealed: Record<string, string> = {}
  for (const [at, one] of devices.entries()) {
    const shared = (await one.say(list)) as Shared
    if (at > 0) sealed[names[at]] = shared.sealed[names[0]]
  }
  return { type: 'secure-shares', session: id, sealed, range: 1 }
}

describe('a device that has told its shares', () => {
  /** Its update is in a sum that may be known. */
  async function told() {
    const devices = names.map(device)
    const [first] = devices
    const shares = await sharesIn(session, devices)
    first.masking.send(learned(0))
    expect(await first.say(shares)).toMatchObject({ type: 'masked' })
    for (const _ of ['said', 'said again'])
      expect(await first.say({ type: 'secure-unmask', session, survivors: names })).toMatchObject({
        type: 'secure-told',
      })
    return { first, devices }
  }

  it('draws other batches for the next try of that round, and of that round alone', async () => {
    const { first } = await told()
    expect([first.masking.drawOf(1), first.masking.drawOf(2)]).toEqual([1, 0])
  })

  it('sends in no other sum what it had learned before, only what it learns then', async () => {
    const { first, devices } = await told()
    const other = 'ef'.repeat(16)
    const answer = first.say(await sharesIn(other, devices))
    first.masking.send(learned(0))
    await settle()
    expect(first.heard.at(-1)?.type).toBe('secure-shared')
    first.masking.send(learned(1))
    expect(await answer).toMatchObject({ type: 'masked', session: other })
  })
})
