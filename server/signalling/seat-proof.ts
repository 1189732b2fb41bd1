/**
 * Whether a tab may sit under an id: it has shown the key that the id names, and its signature of the id
 * (`src/network/seat.ts`; ECDSA over P-256 with SHA-256, as browsers sign). Ids of older pages name no key, and prove nothing.
 */
import { createPublicKey, verify } from 'node:crypto'
import { hashOfPublicKey } from '../../src/network/identity/hashOfPublicKey'
import { parsePeerId } from '../../src/network/ids'
import { readSeatToken, seatText } from '../../src/network/seat'

const olderToken = /^\w{1,64}$/

export function maySit(id: string, token: string): boolean {
  const claims = parsePeerId(id)
  if (!claims) return false
  if (claims.keyHash === null) return olderToken.test(token)
  const proof = readSeatToken(token)
  if (!proof || hashOfPublicKey(proof.publicKey) !== claims.keyHash) return false
  try {
    const key = createPublicKey({ key: jwkOf(proof.publicKey), format: 'jwk' })
    return verify('sha256', Buffer.from(seatText(id)), { key, dsaEncoding: 'ieee-p1363' }, proof.signature)
  } catch {
    return false // no point of the curve
  }
}

/** @param point uncompressed: 4, x, y */
const jwkOf = (point: Uint8Array) => {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    Buffer.from(half).toString('base64url'),
  )
  return { kty: 'EC', crv: 'P-256', x, y }
}
