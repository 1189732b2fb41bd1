import { describe, expect, it } from 'vitest'
import { both, encode, guestId, type Said, stage, why } from '../fixtures/handshake'
import { seededIdentities } from '../identity/seeded'
import { introduce } from '../introduction'
import { ownKeyOf } from '../keys'
import type { Introduction } from './conversation'
import { isFellow, type Standing } from './membership'

describe('admission', () => {
  it('admits both sides to each other when they share the secret', async () => {
    const scene = await stage()
    const { guest, host } = await scene.ends()
    expect(guest).toMatchObject({ status: 'admitted', peer: { role: 'coordinator', name: 'Coordinator' } })
    expect(host).toMatchObject({
      status: 'admitted',
      peer: { role: 'device', name: 'Ada', deviceKey: scene.ofGuest.name },
    })
  })

  it('never puts the secret on the wire', async () => {
    const scene = await stage()
    await scene.ends()
    expect(JSON.stringify(scene.heard)).not.toContain('"secret"')
  })

  it('refuses a guest with a wrong secret, and tells it', async () => {
    expect(await both(await stage({ guest: { secret: 'guess' } }))).toEqual({
      guest: 'wrong-secret',
      host: 'wrong-secret',
    })
  })

  it('reveals nothing that depends on the secret to a guest that does not know it', async () => {
    const scene = await stage({ guest: { secret: 'guess' } })
    await scene.ends()
    expect(scene.heard.filter(({ from }) => from === 'host').map(({ message }) => message.step)).toEqual([
      'identity',
      'refused',
    ])
  })

  it('refuses a host that holds the right key but another secret', async () => {
    const fooled = (from: string, message: Said) =>
      from === 'host' && message.step === 'refused' ? null : message
    const scene = await stage({ host: { secret: 'other' }, tamper: fooled })
    expect((await both(scene)).guest).toBe('timeout')
  })

  it('refuses a host with another key before the guest has proven anything', async () => {
    const scene = await stage({ guest: { publicKeyHash: '0'.repeat(32) } })
    expect((await both(scene)).guest).toBe('wrong-key')
    expect(scene.heard.filter(({ from }) => from === 'guest').map(({ message }) => message.step)).toEqual([
      'hello',
      'refused',
    ])
  })

  it('refuses a host that shows the right key but cannot sign with it', async () => {
    const scene = await stage({ host: { sign: async () => new Uint8Array(64).fill(7) } })
    expect((await both(scene)).guest).toBe('wrong-key')
  })

  it('accepts any key when the link names none', async () => {
    expect(await both(await stage({ guest: { publicKeyHash: null } }))).toEqual({
      guest: 'admitted',
      host: 'admitted',
    })
  })

  it('refuses when the two ends are not on the same connection', async () => {
    const scene = await stage({ guestBinding: 'guest=AA|enemy=BB', hostBinding: 'enemy=CC|host=DD' })
    expect((await both(scene)).guest).toBe('wrong-key')
  })

  it('does not accept the proof of an earlier handshake', async () => {
    const earlier = await stage()
    await earlier.ends()
    const recorded = earlier.heard.find(({ message }) => message.step === 'proof')!.message
    const replaying = (_from: string, message: Said) => (message.step === 'proof' ? recorded : message)
    expect((await both(await stage({ tamper: replaying }))).host).toBe('wrong-secret')
  })

  it('does not accept its own proof as the answer', async () => {
    let own = ''
    const reflecting = (from: string, message: Said) => {
      if (message.step === 'proof') own = String(message.proof)
      return from === 'host' && message.step === 'welcome' ? { ...message, proof: own } : message
    }
    expect((await both(await stage({ tamper: reflecting }))).guest).toBe('wrong-secret')
  })

  it('does not accept a reflection of its own steps', async () => {
    const { sides, heard, ends } = await stage({ tamper: () => null })
    for (const { from, message } of heard) sides[from].receive(encode(message))
    expect(why((await ends()).guest)).toBe('malformed')
  })

  it('notices a changed name', async () => {
    const renaming = (from: string, message: Said) =>
      from === 'guest' && message.step === 'hello'
        ? { ...message, introduction: { ...(message.introduction as object), name: 'Eve' } }
        : message
    expect((await both(await stage({ tamper: renaming }))).guest).toBe('wrong-key')
  })

  it('refuses a guest that claims to be a coordinator', async () => {
    const { ofGuest } = await stage()
    const introduction = introduce(ofGuest, 'coordinator', 'Mallory')
    expect((await both(await stage({ guest: { introduction } }))).host).toBe('malformed')
  })

  it.each(['hello', 'identity', 'proof', 'welcome', 'entered'])(
    'ends on both sides within five seconds when “%s” is lost',
    async (lost) => {
      const losing = (_from: string, message: Said) => (message.step === lost ? null : message)
      const { sides, clock } = await stage({ tamper: losing })
      const ended: string[] = []
      sides.guest.outcome.then((outcome) => ended.push(`guest ${why(outcome)}`))
      sides.host.outcome.then((outcome) => ended.push(`host ${why(outcome)}`))
      await clock.advance(5_001)
      expect(ended.sort()).toEqual([lost === 'entered' ? 'guest admitted' : 'guest timeout', 'host timeout'])
    },
  )

  it('ends at once at the host when “opening” is lost: a proof that follows makes no sense', async () => {
    const losing = (_from: string, message: Said) => (message.step === 'opening' ? null : message)
    expect(await both(await stage({ tamper: losing }))).toEqual({ guest: 'timeout', host: 'malformed' })
  })

  it.each<[string, Uint8Array]>([
    ['no JSON', new Uint8Array([1, 2, 3])],
    ['a step that does not exist', encode({ step: 'open sesame' })],
    ['a step out of turn', encode({ step: 'entered' })],
    ['a nonce of the wrong length', encode({ step: 'hello', nonce: '00', knocks: false })],
    ['far too much', encode({ step: 'hello', padding: 'x'.repeat(5000) })],
  ])('refuses %s', async (_name, payload) => {
    const { sides, clock } = await stage({ tamper: () => null })
    sides.host.receive(payload)
    await clock.advance(0)
    expect(why(await sides.host.outcome)).toBe('malformed')
  })

  it('does not hoard steps that come faster than it reads them', async () => {
    const { sides, clock } = await stage({ tamper: () => null })
    for (let times = 0; times < 6; times++) sides.host.receive(encode({ step: 'waiting' }))
    await clock.advance(0)
    expect(why(await sides.host.outcome)).toBe('malformed')
  })

  it('is not scared off by a refusal from somebody who has not shown a key', async () => {
    const { sides, clock } = await stage({ tamper: () => null })
    sides.guest.receive(encode({ step: 'refused', why: 'wrong-secret' }))
    await clock.advance(0)
    expect(why(await sides.guest.outcome)).toBe('malformed')
  })

  it('ends when its link is cut', async () => {
    const { sides } = await stage({ tamper: () => null })
    sides.guest.cancel()
    expect(why(await sides.guest.outcome)).toBe('closed')
  })
})

describe('a name', () => {
  /** Somebody who would be Ada: she has Ada's public key, or her name, and signs with a key of her own. */
  const thief = async (introduction: (victim: Introduction, own: Introduction) => Introduction) => {
    const identity = seededIdentities(77)('thief')
    const [victim, own] = [
      await ownKeyOf(identity, await identity.makeSigningKey()),
      await ownKeyOf(identity, await identity.makeSigningKey()),
    ]
    const said = introduction(introduce(victim, 'device', 'Ada'), introduce(own, 'device', 'Ada'))
    return { introduction: said, sign: (text: string) => identity.sign(own.signingKey, text) }
  }

  it('is nobody’s who cannot sign with its key, although she knows the secret', async () => {
    const guest = await thief((victim) => victim)
    expect(await both(await stage({ guest }))).toEqual({ guest: 'wrong-key', host: 'wrong-key' })
  })

  it('is none that a key is not called by', async () => {
    const guest = await thief(({ deviceKey }, own) => ({ ...own, deviceKey }))
    expect(await both(await stage({ guest }))).toEqual({ guest: 'wrong-key', host: 'wrong-key' })
  })

  it('is not taken over by the signature of an earlier handshake', async () => {
    const earlier = await stage()
    await earlier.ends()
    const recorded = earlier.heard.find(({ message }) => message.step === 'opening')!.message
    const { signature } = recorded
    const replaying = (_from: string, message: Said) =>
      message.step === 'opening' ? { ...message, signature } : message
    expect((await both(await stage({ tamper: replaying }))).host).toBe('wrong-key')
  })

  it('is not taken over by handing on what its owner says, on another connection', async () => {
    const scene = await stage({ guestBinding: 'ada=AA|thief=BB', hostBinding: 'thief=CC|host=DD' })
    expect((await both(scene)).host).not.toBe('admitted')
  })
})

describe('a pass', () => {
  it('comes with the welcome, and says to others that this tab is of the room', async () => {
    const scene = await stage()
    const { guest } = await scene.ends()
    const pass = guest.status === 'admitted' ? guest.pass : null
    const { identity, ofGuest, ofHost } = scene
    const standing: Standing = { kind: 'member', coordinatorKey: ofHost.publicKey, pass: '' }
    expect(await isFellow(identity, guestId, standing, ofGuest.name, pass)).toBe(true)
    expect(await isFellow(identity, guestId, standing, ofHost.name, pass)).toBe(false)
    expect(await isFellow(identity, guestId.replace('TEST', 'ELSE'), standing, ofGuest.name, pass)).toBe(
      false,
    )
    const own: Standing = { ...standing, coordinatorKey: ofGuest.publicKey }
    expect(await isFellow(identity, guestId, own, ofGuest.name, pass)).toBe(false)
  })

  it('is given to nobody while the room is locked, and a guest is told why', async () => {
    for (const secret of ['secret', null]) {
      const scene = await stage({ guest: { secret }, host: { whyNot: () => 'locked' } })
      expect(await both(scene)).toEqual({ guest: 'locked', host: 'locked' })
      expect(scene.heard.map(({ message }) => message.step)).not.toContain('welcome')
    }
  })

  it('that the room is locked nobody learns who has neither secret nor patience', async () => {
    const scene = await stage({ guest: { secret: 'guess' }, host: { whyNot: () => 'locked' } })
    expect(await both(scene)).toEqual({ guest: 'wrong-secret', host: 'wrong-secret' })
  })
})
