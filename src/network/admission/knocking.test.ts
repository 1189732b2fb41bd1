import { describe, expect, it } from 'vitest'
import { both, type Said, type Scene, stage, why } from '../fixtures/handshake'
import type { Introduction } from './conversation'
import { phraseOf, wordOf } from './phrase'

describe('a phrase to compare', () => {
  it('is the same at both ends where the link names no key, and there is none where it does', async () => {
    const phrases = async (scene: Scene) => {
      const { guest, host } = await (await stage(scene)).ends()
      return [guest, host].map((end) => (end.status === 'admitted' ? end.phrase : 'nobody is in'))
    }
    const [ofGuest, ofHost] = await phrases({ guest: { publicKeyHash: null } })
    expect(ofGuest).toMatch(/^[a-z]{5} [a-z]{5}$/)
    expect(ofHost).toBe(ofGuest)
    expect(await phrases({})).toEqual([null, null])
  })

  it('is shown at both ends while a person decides, and another in each handshake', async () => {
    const shown: string[] = []
    const show = (phrase: string) => void shown.push(phrase)
    const scene = {
      guest: { secret: null, publicKeyHash: null, onWaiting: show },
      host: {
        async decide(_: Introduction, phrase: string) {
          show(phrase)
          return true
        },
      },
    }
    for (let times = 0; times < 2; times++) await (await stage(scene)).ends()
    expect(shown).toHaveLength(4)
    expect(new Set(shown).size).toBe(2)
    expect(shown[0]).toBe(shown[1])
  })

  it('differs where somebody sits in between with a key of her own', async () => {
    const shown: string[] = []
    const host = {
      decide: (_: Introduction, phrase: string) => {
        shown.push(phrase)
        return new Promise<boolean>(() => {})
      },
    }
    const guest = {
      secret: null,
      publicKeyHash: null,
      onWaiting: (phrase: string) => void shown.push(phrase),
    }
    // Two handshakes: she is the host of one and the guest of the other.
    await (await stage({ guest, host: { decide: () => new Promise(() => {}) } })).ends()
    await (await stage({ guest: { secret: null, publicKeyHash: null }, host })).ends()
    expect(shown).toHaveLength(2)
    expect(shown[0]).not.toBe(shown[1])
  })

  it('cannot be chosen: a guest that opens something else than it has committed to is refused', async () => {
    const other = (_from: string, message: Said) =>
      message.step === 'opening' ? { ...message, opening: '0'.repeat(32) } : message
    expect((await both(await stage({ tamper: other }))).host).toBe('malformed')
  })

  it('is written as proquints are', () => {
    const words = phraseOf('a transcript', '00'.repeat(16)).split(' ')
    for (const word of words)
      expect(word).toMatch(/^[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]$/)
    // The paper's own example: 127.0.0.1 is lusab-babad.
    expect([wordOf(0x7f00), wordOf(0x0001)]).toEqual(['lusab', 'babad'])
  })
})

describe('two languages', () => {
  const older = (message: Said): Said => ({ ...message, speaks: 4 })

  it('are told at the first step that makes no sense, at both ends', async () => {
    // A hello of a page from before tabs had keys.
    const hello = (_from: string, message: Said) =>
      message.step === 'hello'
        ? older({
            step: 'hello',
            nonce: message.nonce,
            introduction: { role: 'device', name: 'Ada', deviceKey: 'a' },
            knocks: false,
          })
        : message
    expect((await both(await stage({ tamper: hello }))).host).toBe('other-version')
    const identity = (_from: string, message: Said) =>
      message.step === 'identity'
        ? older({ step: 'identity', nonce: message.nonce, publicKey: '00' })
        : message
    expect((await both(await stage({ tamper: identity }))).guest).toBe('other-version')
  })

  it('an older page’s host can read a hello of this page, so that it answers', async () => {
    const { heard, ends } = await stage()
    await ends()
    const [{ message }] = heard
    expect(message).toMatchObject({
      step: 'hello',
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      introduction: { role: 'device', name: 'Ada', deviceKey: expect.any(String) },
      knocks: false,
    })
  })
})

describe('a knock', () => {
  it('is answered with the secret, which then has to be proven like any other', async () => {
    const scene = await stage({
      guest: { secret: null, publicKeyHash: null },
      host: { decide: async () => true },
    })
    const { guest, host } = await scene.ends()
    expect(guest).toMatchObject({ status: 'admitted', secret: 'secret' })
    expect(host).toMatchObject({ status: 'admitted' })
  })

  it('does not give the secret away after the guest has been given up', async () => {
    let admit = (_yes: boolean) => {}
    const decision = new Promise<boolean>((resolve) => {
      admit = resolve
    })
    const scene = await stage({ guest: { secret: null }, host: { decide: () => decision } })
    await scene.clock.advance(1_000)
    scene.sides.host.cancel()
    await scene.clock.advance(0)
    admit(true)
    await scene.clock.advance(1_000)
    expect(scene.heard.map(({ message }) => message.step)).not.toContain('secret')
  })

  it('waits for minutes, but not for ever', async () => {
    const scene = await stage({ guest: { secret: null }, host: { decide: () => new Promise(() => {}) } })
    const ended: string[] = []
    scene.sides.guest.outcome.then((outcome) => ended.push(why(outcome)))
    await scene.clock.advance(9 * 60_000)
    expect(ended).toEqual([])
    await scene.clock.advance(2 * 60_000)
    expect(ended).toEqual(['timeout'])
  })
})
