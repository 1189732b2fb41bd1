import { describe, expect, it } from 'vitest'
import { toBase64 } from '../../lib/base64'
import { seededIdentities } from '../../network/identity/seeded'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import { makeTab } from '../tab/tab'
import { handUnder } from '../wire/hands'
import type { FromWhoMerges, ToWhoMerges } from '../wire/secureMessages'
import { Masking } from './masking'

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
async function begun() {
  const devices = names.map(device)
  const keys: Keys[] = []
  for (const one of devices) keys.push((await one.say({ type: 'secure-begin', round: 1, session })) as Keys)
  const list: List = {
    type: 'secure-list',
    session,
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
