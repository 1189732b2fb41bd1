/** Where a typed code or a pasted invite leads, on this very server. Null when it is neither. */
import { readRoomCode } from '../format'

export function joinAddress(typed: string): string | null {
  const link = readLink(typed)
  if (link) return link
  const room = readRoomCode(typed)
  return room && `/?role=device&room=${room}`
}

/** An invite pasted whole keeps its fragment, which holds the secret: no knocking needed. */
function readLink(typed: string): string | null {
  if (!/^https?:\/\//i.test(typed.trim())) return null
  const url = URL.parse(typed.trim())
  return url?.searchParams.get('room') ? `/${url.search}${url.hash}` : null
}
