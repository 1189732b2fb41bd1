import { describe, expect, it } from 'vitest'
import { seededIdentities } from '../identity/seeded'
import { introduce } from '../introduction'
import { type OwnKey, ownKeyOf } from '../keys'
import { virtualClock } from '../time/virtual-clock'
import type { Conversation, Outcome } from './conversation'
import { passFor } from './membership'
import { peerAdmission } from './peer-admission'

const [low, high] = ['1', '2'].map((digit) => `TEST-d-${digit.repeat(32)}-${'0'.repeat(16)}`)
type Said = { step: string } & Record<string, unknown>

interface Scene {
  readonly secrets?: readonly [string | null, string | null]
  readonly bindings?: readonly [string, string]
  /** Who the second really is, and whom the coordinator has let in. */
  readonly thief?: boolean
  readonly passes?: readonly [boolean, boolean]
  tamper?(from: number, message: Said): Said | null
}

/** Two devices on one wire, which may be in enemy hands: their outcomes, and what was said. */
async function meet({
  secrets = ['s', 's'],
  bindings = ['wire', 'wire'],
  thief = false,
  passes = [true, true],
  tamper,
}: Scene = {}) {
  const clock = virtualClock()
  const identity = seededIdentities(1)('both')
  const said: Said[] = []
  const sides: Conversation[] = []
  const make = async () => ownKeyOf(identity, await identity.makeSigningKey())
  const [coordinator, other, ...owns] = await Promise.all([make(), make(), make(), make()])
  const pass = (of: OwnKey) => passFor(low, of.name, (text) => identity.sign(coordinator.signingKey, text))
  const shown = await Promise.all(owns.map((own, at) => pass(passes[at] ? own : other)))
  for (const [at, [self, peer, role]] of (
    [
      [low, high, 'device'],
      [high, low, 'edge'],
    ] as const
  ).entries()) {
    const send = (payload: Uint8Array) => {
      const message = JSON.parse(new TextDecoder().decode(payload)) as Said
      said.push(message)
      const delivered = tamper ? tamper(at, message) : message
      const bytes = new TextEncoder().encode(JSON.stringify(delivered))
      queueMicrotask(() => delivered && sides[1 - at].receive(bytes))
    }
    const own = owns[at]
    const signingKey = at === 1 && thief ? other.signingKey : own.signingKey
    const standing = { kind: 'member', coordinatorKey: coordinator.publicKey, pass: shown[at] } as const
    const introduction = introduce(own, role, role)
    const ports = { self, peer, binding: bindings[at], clock, identity, send }
    sides[at] = peerAdmission(ports, {
      introduction,
      secret: secrets[at],
      standing,
      sign: (text) => identity.sign(signingKey, text),
    })
  }
  await clock.advance(60_000)
  const outcomes = await Promise.all(sides.map(({ outcome }) => outcome))
  return { said, why: outcomes.map(whyOf), outcomes }
}
const whyOf = (outcome: Outcome) => (outcome.status === 'refused' ? outcome.why : 'admitted')

describe('admission between two that are no coordinator', () => {
  it('admits both to each other when they share the secret, which is never sent', async () => {
    const { why, outcomes, said } = await meet({ secrets: ['open sesame', 'open sesame'] })
    expect(why).toEqual(['admitted', 'admitted'])
    expect(outcomes).toMatchObject([{ peer: { role: 'edge' } }, { peer: { role: 'device' } }])
    expect(said.map(({ step }) => step)).toEqual([
      'hello',
      'greeting',
      'opening',
      'proof',
      'welcome',
      'entered',
    ])
    expect(JSON.stringify(said)).not.toContain('sesame')
  })

  it('refuses another secret, and a wire with other fingerprints at each end', async () => {
    const cases: Scene[] = [{ secrets: ['s', 'other'] }, { bindings: ['here', 'there'] }]
    for (const scene of cases) {
      const { why, said } = await meet(scene)
      expect(why[0]).toBe(why[1])
      expect(why[0]).toMatch(/^wrong-/)
      expect(said.map(({ step }) => step)).not.toContain('welcome')
    }
  })

  it('neither asks nor answers before its own knock was answered', async () => {
    for (const secrets of [
      [null, 's'],
      ['s', null],
    ] as const)
      expect((await meet({ secrets })).why).toEqual(['malformed', 'malformed'])
  })

  it('does not believe who changes what is said on the wire', async () => {
    for (const changed of ['hello', 'greeting'])
      for (const name of ['nonce', 'introduction']) {
        const other = {
          nonce: '0'.repeat(32),
          introduction: { name: 'Eve' },
        }[name]
        const changing = (said: Said) =>
          typeof other === 'string' ? other : { ...(said[name] as object), ...other }
        const tamper = (_: number, said: Said) =>
          said.step === changed ? { ...said, [name]: changing(said) } : said
        const { why } = await meet({ tamper })
        expect(why).not.toContain('admitted')
      }
  })

  it('lets nobody in under a key that she cannot sign with', async () => {
    expect((await meet({ thief: true })).why).toEqual(['wrong-key', 'wrong-key'])
  })

  it('lets nobody in who knows the secret, and whom the coordinator has not let in', async () => {
    for (const passes of [
      [true, false],
      [false, true],
    ] as const)
      expect((await meet({ passes })).why).toEqual(['wrong-key', 'wrong-key'])
  })

  it('is not fooled by its own proof, sent back to it', async () => {
    let own: unknown = null
    const tamper = (from: number, said: Said) => {
      if (said.step === 'proof') own = said.proof
      return from === 1 && said.step === 'welcome' ? { ...said, proof: own } : said
    }
    expect((await meet({ tamper })).why[0]).toBe('wrong-secret')
  })
})
