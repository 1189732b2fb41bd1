/**
 * Room codes and peer ids, the two names that the pages and the signalling server share. A peer id says which room, which
 * role and which key it claims: `4F7K2Q-c-<hash of the key>-<64 random bits>`. That the key is its owner's the server checks
 * (`seat.ts`), and admission once more; what the role means is admission's work. A tab of a room without a coordinator says
 * so in its role's place. Pages of before the fifth language name no key. Pure text, no keys.
 */
import { type Identity, randomHex } from './identity/identity'
import type { PeerId, Role } from './network'

/** Crockford's base 32: no I, L, O, U, so that a code can be read out aloud and copied from a projector. */
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const misread: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0', U: 'V' }

/** What two people who mean the same room agree on: upper case, no dashes, ambiguous letters mapped. */
export const canonicalCode = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[ILOU]/g, (letter) => misread[letter])
    .slice(0, 32)

/** `4F7K2Q` as people see it: `4F7-K2Q`. Codes of another length are shown as they are. */
export const shownCode = (code: string): string =>
  /^[0-9A-Z]{6}$/.test(code) ? `${code.slice(0, 3)}-${code.slice(3)}` : code

/** `equal`: a device of a room that nobody coordinates. */
type Claim = Role | 'equal'

const letters = { coordinator: 'c', edge: 'e', device: 'd', equal: 'q' } as const satisfies Record<
  Claim,
  string
>
const roleOfLetter: Readonly<Record<string, Role>> = {
  c: 'coordinator',
  e: 'edge',
  d: 'device',
  q: 'device',
}
const pattern = /^([0-9A-HJKMNP-TV-Z]{1,32})-([cdeq])-([0-9a-f]{32})(-[0-9a-f]{16})?$/

/** Fresh for each life of a tab: a fixed id would be taken by its own predecessor after a reload. */
export const makePeerId = (
  chance: Pick<Identity, 'randomBytes'>,
  code: string,
  claim: Claim,
  keyHash: string,
): PeerId => `${canonicalCode(code)}-${letters[claim]}-${keyHash}-${randomHex(chance, 8)}`

interface PeerClaims {
  readonly room: string
  readonly role: Role
  /** Of a room that nobody coordinates. */
  readonly isOfEquals: boolean
  /** Null: an id of an older page, which is bound to nothing. */
  readonly keyHash: string | null
}

/** What an id claims; null when it is none of ours. */
export function parsePeerId(id: string): PeerClaims | null {
  const [, room, letter, first, life] = pattern.exec(id) ?? []
  if (!room) return null
  const keyHash = life ? first : null
  return { room, role: roleOfLetter[letter], isOfEquals: letter === letters.equal, keyHash }
}

/** Asked of everybody who is sighted: most ids say at once that they claim no such thing. */
export const isCoordinator = (id: PeerId): boolean =>
  id.includes(`-${letters.coordinator}-`) && parsePeerId(id)?.role === 'coordinator'

/** The hash of the key that a coordinator's id names; null: it names none, or is no coordinator's. */
export function coordinatorKeyOf(id: PeerId): string | null {
  const claims = isCoordinator(id) ? parsePeerId(id) : null
  return claims?.keyHash ?? null
}
