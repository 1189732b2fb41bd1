import { describe, expect, it } from 'vitest'
import type { Identity } from './identity'
import { seededIdentities } from './seeded'
import { webIdentity } from './web-crypto'

const simulated = seededIdentities(1)
const pairs: Record<string, readonly [Identity, Identity]> = {
  'of a browser': [webIdentity, webIdentity],
  'of a simulation': [simulated('ada'), simulated('ben')],
}
const nonce = new Uint8Array(12)
const word = new TextEncoder().encode('learned in private')
const changed = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))
const together = { outgoing: 'from ada', incoming: 'from ben' }
const theOtherWay = { outgoing: 'from ben', incoming: 'from ada' }

describe.each(Object.entries(pairs))('an identity %s', (_, [ada, ben]) => {
  it('signs so that others can check it by the public key, and nobody else can sign for it', async () => {
    const [key, other] = [await ada.makeSigningKey(), await ben.makeSigningKey()]
    const publicKey = await ada.publicKeyOf(key)
    const signature = await ada.sign(key, 'round 7')
    expect([publicKey.length, signature.length]).toEqual([65, 64])
    expect(await ben.isSignedBy(publicKey, signature, 'round 7')).toBe(true)
    expect(await ben.isSignedBy(publicKey, signature, 'round 8')).toBe(false)
    expect(await ben.isSignedBy(publicKey, changed(signature, 9), 'round 7')).toBe(false)
    expect(await ben.isSignedBy(publicKey, await ben.sign(other, 'round 7'), 'round 7')).toBe(false)
    expect(await ben.isSignedBy(changed(publicKey, 9), signature, 'round 7')).toBe(false)
    expect(await ben.isSignedBy(new Uint8Array(3), signature, 'round 7')).toBe(false)
  })

  it('agrees with another on ciphers for both ways; what was changed, or is not next, does not open', async () => {
    const [ours, theirs] = [await ada.beginAgreement(), await ben.beginAgreement()]
    const salt = Uint8Array.of(...ours.publicKey, ...theirs.publicKey)
    const here = await ours.agree(theirs.publicKey, salt, together)
    const there = await theirs.agree(ours.publicKey, salt, theOtherWay)
    const sealed = await here.encrypt(nonce, word)
    expect(sealed.length).toBe(word.length + 16)
    expect(await there.decrypt(nonce, sealed)).toEqual(word)
    expect(await here.decrypt(nonce, await there.encrypt(nonce, word))).toEqual(word)
    await expect(here.decrypt(nonce, sealed)).rejects.toThrow()
    await expect(there.decrypt(nonce, changed(sealed, 3))).rejects.toThrow()
    await expect(there.decrypt(Uint8Array.of(1, ...nonce.subarray(1)), sealed)).rejects.toThrow()
    await expect(there.decrypt(nonce, new Uint8Array(3))).rejects.toThrow()
    await expect(ours.agree(new Uint8Array(65), salt, together)).rejects.toThrow()
  })

  it('has mask keys with which two come to one secret for each label, also once others have put one together', async () => {
    const [ours, theirs] = [await ada.makeMaskKey(), await ben.makeMaskKey()]
    const secret = await ours.secretWith(theirs.publicKey, 'masks')
    expect([secret.length, ours.privateKey.length, ours.publicKey.length]).toEqual([32, 32, 65])
    expect(await theirs.secretWith(ours.publicKey, 'masks')).toEqual(secret)
    expect(await theirs.secretWith(ours.publicKey, 'other masks')).not.toEqual(secret)
    const restored = await ada.restoreMaskKey(theirs.privateKey, theirs.publicKey)
    expect(await restored.secretWith(ours.publicKey, 'masks')).toEqual(secret)
    await expect(ada.restoreMaskKey(changed(theirs.privateKey, 31), theirs.publicKey)).rejects.toThrow()
    await expect(ours.secretWith(new Uint8Array(65), 'masks')).rejects.toThrow()
  })

  it('draws from a key a stream that others draw alike, piece by piece', async () => {
    const key = Uint8Array.from({ length: 32 }, (_, at) => at)
    const whole = await ada.keyStream(key, 0, 100)
    expect(new Set(whole).size).toBeGreaterThan(60)
    expect(await ben.keyStream(key, 48, 52)).toEqual(whole.subarray(48))
    expect(await ben.keyStream(changed(key, 3), 0, 100)).not.toEqual(whole)
  })
})

describe('the stream of a key', () => {
  it('is AES-256 in counter mode: its first block is the cipher of zero (NIST AESAVS, GFSbox and KeySbox)', async () => {
    const key = Uint8Array.from(
      'c47b0294dbbbee0fec4757f22ffeee3587ca4730c3d33b691df38bab076bc558'.match(/../g)!,
      (pair) => Number.parseInt(pair, 16),
    )
    const hex = [...(await webIdentity.keyStream(key, 0, 16))].map((byte) =>
      byte.toString(16).padStart(2, '0'),
    )
    expect(hex.join('')).toBe('46f2fb342d6f0ab477476fc501242c5f')
  })
})

describe('identities of a simulation', () => {
  it('draw the same for the same seed and name, and something else for another', async () => {
    const drawnBy = async (seed: number, name: string) => {
      const identity = seededIdentities(seed)(name)
      const key = await identity.publicKeyOf(await identity.makeSigningKey())
      return [...identity.randomBytes(16), ...key, ...(await identity.beginAgreement()).publicKey]
    }
    expect(await drawnBy(1, 'ada')).toEqual(await drawnBy(1, 'ada'))
    expect(await drawnBy(1, 'ada')).not.toEqual(await drawnBy(1, 'ben'))
    expect(await drawnBy(1, 'ada')).not.toEqual(await drawnBy(2, 'ada'))
  })

  it('sign nothing with a key that a browser made, nor the other way round', async () => {
    const identity = simulated('cleo')
    await expect(identity.sign(await webIdentity.makeSigningKey(), 'a')).rejects.toThrow('simulation')
    await expect(webIdentity.sign(await identity.makeSigningKey(), 'a')).rejects.toThrow('browser')
  })
})
