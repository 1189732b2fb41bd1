/**
 * Invitations: a link whose fragment holds the secret and the coordinator's key hash; for an edge also the coordinator's word
 * that it may merge for others. A fragment is never sent to a
 * server. What a person types instead is the bare code, and leads to a knock.
 */
import { z } from 'zod'
import { canonicalCode } from './ids'
import type { RoomKeys } from './network'

export interface Invitation {
  readonly code: string
  readonly secret: string | null
  readonly publicKeyHash: string | null
}

/** `base`: an address of this server that the guest can reach, see `inviteBase`. */
export function inviteUrl(
  base: string,
  { code, secret, publicKeyHash }: Pick<RoomKeys, 'code' | 'secret' | 'publicKeyHash'>,
  edgePass: string | null = null,
): string {
  const url = new URL('/', base)
  url.search = new URLSearchParams({ role: edgePass ? 'edge' : 'device', room: code }).toString()
  const fragment = new URLSearchParams({ s: secret, k: publicKeyHash })
  if (edgePass) fragment.set('e', edgePass)
  url.hash = fragment.toString()
  return url.href
}

const addressReply = z.object({ address: z.url().nullable() })

/** The LAN address where the server has one, because other machines cannot open `localhost`; this page's own otherwise. */
export async function inviteBase(origin: string = location.origin): Promise<string> {
  try {
    const reply = await fetch(new URL('/api/address', origin))
    return addressReply.parse(await reply.json()).address ?? origin
  } catch {
    return origin
  }
}

/** Reads a whole link or a bare code, however it was typed. Null when it is neither. */
export function parseInvite(text: string): Invitation | null {
  const trimmed = text.trim()
  if (/^[A-Za-z0-9 -]{1,40}$/.test(trimmed)) {
    const code = canonicalCode(trimmed)
    return code ? { code, secret: null, publicKeyHash: null } : null
  }
  if (!URL.canParse(trimmed)) return null
  const url = new URL(trimmed)
  const fragment = new URLSearchParams(url.hash.slice(1))
  const code = url.searchParams.get('room') ?? ''
  return canonicalCode(code)
    ? { code, secret: fragment.get('s') || null, publicKeyHash: fragment.get('k') || null }
    : null
}
