/**
 * Where a typed code or a pasted invite leads, on this very server; what else stands in this tab's address (`search`: its
 * name, its language …) goes along with a code. Null when it is neither.
 */
import { readRoomCode } from '../format'

export function joinAddress(typed: string, search = ''): string | null {
  const link = readLink(typed)
  if (link) return link
  const room = readRoomCode(typed)
  if (room === null) return null
  const kept = new URLSearchParams(search)
  for (const name of ['role', 'room']) kept.delete(name)
  return `/?${new URLSearchParams([['role', 'device'], ['room', room], ...kept])}`
}

/** An invite pasted whole keeps its fragment, which holds the secret: no knocking needed. */
function readLink(typed: string): string | null {
  if (!/^https?:\/\//i.test(typed.trim())) return null
  const url = URL.parse(typed.trim())
  return url?.searchParams.get('room') ? `/${url.search}${url.hash}` : null
}
