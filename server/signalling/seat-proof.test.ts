import { describe, expect, it } from 'vitest'
import { webIdentity } from '../../src/network/identity/web-crypto'
import { makePeerId } from '../../src/network/ids'
import { hashOfPublicKey, ownKeyOf } from '../../src/network/keys'
import { seatTokenOf } from '../../src/network/seat'
import { maySit } from './seat-proof'

const someone = async () => ownKeyOf(webIdentity, await webIdentity.makeSigningKey())

describe('a seat', () => {
  it('is its key’s: whoever has the key sits there, and nobody else does', async () => {
    const [owner, thief] = [await someone(), await someone()]
    const idOf = (publicKey: Uint8Array) =>
      makePeerId(webIdentity, 'TEST', 'coordinator', hashOfPublicKey(publicKey))
    const id = idOf(owner.publicKey)
    const token = await seatTokenOf(webIdentity, owner, id)
    expect(maySit(id, token)).toBe(true)
    expect(maySit(id, await seatTokenOf(webIdentity, thief, id)), 'with a key of her own').toBe(false)
    const borrowed = { signingKey: thief.signingKey, publicKey: owner.publicKey }
    expect(maySit(id, await seatTokenOf(webIdentity, borrowed, id)), 'with her public key').toBe(false)
    expect(maySit(idOf(owner.publicKey), token), 'of another of her ids').toBe(false)
    expect(maySit(id, 't'), 'with a word').toBe(false)
  })

  it('is nobody’s where a key is no point of the curve', async () => {
    const nothing = new Uint8Array(65).fill(7)
    const id = makePeerId(webIdentity, 'TEST', 'device', hashOfPublicKey(nothing))
    const { signingKey } = await someone()
    expect(maySit(id, await seatTokenOf(webIdentity, { signingKey, publicKey: nothing }, id))).toBe(false)
  })

  it('of an older page is bound to nothing', () => {
    expect(maySit(`TEST-d-${'1'.repeat(32)}`, 't')).toBe(true)
    expect(maySit(`TEST-d-${'1'.repeat(32)}`, 'no word')).toBe(false)
    expect(maySit('rubbish', 't')).toBe(false)
  })
})
