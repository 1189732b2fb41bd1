import { describe, expect, it } from 'vitest'
import { seededIdentities } from '../identity/seeded'
import { hashOfPublicKey, makeRoomKeys } from '../keys'
import { virtualClock } from '../time/virtual-clock'
import { type Guest, guestAdmission, type Host, hostAdmission } from './admission'
import type { Conversation, Outcome } from './conversation'

const guestId = `TEST-d-${'1'.repeat(32)}`
const hostId = `TEST-c-${'2'.repeat(32)}`
type Said = { step: string } & Record<string, unknown>
const encode = (message: unknown) => new TextEncoder().encode(JSON.stringify(message))
const decode = (payload: Uint8Array): Said => JSON.parse(new TextDecoder().decode(payload))

interface Scene {
  readonly guest?: Partial<Guest>
  readonly host?: Partial<Host>
  readonly guestBinding?: string
  readonly hostBinding?: string
  /** What a wire in enemy hands makes of a message; null swallows it. */
  tamper?(from: 'guest' | 'host', message: Said): Said | null
}

/** No two handshakes draw the same. */
let stages = 0

/** A guest and a host on one wire, which may be in enemy hands. */
async function stage({
  guest = {},
  host = {},
  guestBinding = 'wire',
  hostBinding = 'wire',
  tamper,
}: Scene = {}) {
  const clock = virtualClock()
  const identity = seededIdentities(++stages)('both')
  const keys = await makeRoomKeys(identity, 'TEST', 'secret')
  const publicKey = await identity.publicKeyOf(keys.signingKey)
  const heard: { from: 'guest' | 'host'; message: Said }[] = []
  const sides = {} as { guest: Conversation; host: Conversation }
  const wire = (from: 'guest' | 'host') => (payload: Uint8Array) => {
    const message = decode(payload)
    heard.push({ from, message })
    const delivered = tamper ? tamper(from, message) : message
    queueMicrotask(() => delivered && sides[from === 'guest' ? 'host' : 'guest'].receive(encode(delivered)))
  }
  sides.host = hostAdmission(
    { self: hostId, peer: guestId, binding: hostBinding, clock, identity, send: wire('host') },
    {
      introduction: { role: 'coordinator', name: 'Coordinator', deviceKey: 'c' },
      secret: 'secret',
      publicKey,
      sign: (text) => identity.sign(keys.signingKey, text),
      decide: async () => false,
      ...host,
    },
  )
  sides.guest = guestAdmission(
    { self: guestId, peer: hostId, binding: guestBinding, clock, identity, send: wire('guest') },
    {
      introduction: { role: 'device', name: 'Ada', deviceKey: 'a' },
      secret: 'secret',
      publicKeyHash: hashOfPublicKey(publicKey),
      onWaiting() {},
      ...guest,
    },
  )
  const ends = async (): Promise<{ guest: Outcome; host: Outcome }> => {
    await clock.advance(20 * 60_000)
    return { guest: await sides.guest.outcome, host: await sides.host.outcome }
  }
  return { sides, heard, clock, ends }
}
const why = (outcome: Outcome) => (outcome.status === 'refused' ? outcome.why : 'admitted')
const both = async ({ ends }: Awaited<ReturnType<typeof stage>>) => {
  const { guest, host } = await ends()
  return { guest: why(guest), host: why(host) }
}

describe('admission', () => {
  it('admits both sides to each other when they share the secret', async () => {
    const scene = await stage()
    const { guest, host } = await scene.ends()
    expect(guest).toMatchObject({ status: 'admitted', peer: { role: 'coordinator', name: 'Coordinator' } })
    expect(host).toMatchObject({ status: 'admitted', peer: { role: 'device', name: 'Ada', deviceKey: 'a' } })
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
      return from === 'host' && message.step === 'welcome' ? { step: 'welcome', proof: own } : message
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
        ? { ...message, introduction: { role: 'device', name: 'Eve', deviceKey: 'a' } }
        : message
    expect((await both(await stage({ tamper: renaming }))).guest).toBe('wrong-key')
  })

  it('refuses a guest that claims to be a coordinator', async () => {
    const introduction = { role: 'coordinator', name: 'Mallory', deviceKey: 'm' } as const
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
