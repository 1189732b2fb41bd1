/**
 * What is said about who carries a room on (federation/succession/): a coordinator tells devices its will, and heirs all that is
 * needed besides; heirs and electors speak with each other once the coordinator is lost. Papers, by which somebody shows that it
 * was elected, travel as text.
 */
import { z } from 'zod'
import { refusals } from '../../federation/succession/election'
import { mostTerms, type Succession } from '../../federation/succession/succession'
import { readBy } from '../../lib/schema'
import { count, hash, key, mostDevices, signature } from './values'

/** So many at most may be named. */
export const mostHeirs = 8

export const publicKey = z.string().regex(/^[0-9a-f]{130}$/)
const code = z.string().min(1).max(32)

export const will = z.object({
  code,
  term: count,
  serial: count,
  version: count,
  adapterHash: hash,
  settingsHash: hash,
  roster: z.array(key).max(mostDevices).readonly(),
  heirs: z.array(key).max(mostHeirs).readonly(),
  by: publicKey,
  signature,
})

const candidacy = { will, term: count, heir: key, coordinator: publicKey }
const vote = z.object({ publicKey, signature })
export const succession: z.ZodType<Succession> = z
  .array(z.object({ ...candidacy, votes: z.array(vote).max(mostDevices) }))
  .max(mostTerms)

export const fromTestator = [
  /** This stands from now on, should your coordinator be gone for good. */
  z.object({ type: z.literal('will'), will }),
  /** To an heir: what has changed of all that is needed to carry the room on (attachment with this hash). */
  z.object({ type: z.literal('estate'), number: count, hash, signature }),
  /** By these papers your coordinator came to its place. */
  z.object({ type: z.literal('lineage'), papers: z.string().max(400_000) }),
] as const

export const toTestator = [
  z.object({ type: z.literal('will-known'), serial: count }),
  z.object({ type: z.literal('estate-kept'), letter: count }),
  /** What came goes on from something that is not here. */
  z.object({ type: z.literal('estate-lacking') }),
] as const

/** Between devices that have lost their coordinator. */
export const fromElector = z.discriminatedUnion('type', [
  z.object({ type: z.literal('candidacy'), ...candidacy }),
  z.object({ type: z.literal('vote'), term: count, coordinator: publicKey, vote }),
  /** `seen`: the last term in which whoever says so has voted. */
  z.object({
    type: z.literal('no-vote'),
    term: count,
    coordinator: publicKey,
    why: z.enum(refusals),
    seen: count,
  }),
])
export type FromElector = z.output<typeof fromElector>

export const writePapers = (papers: Succession): string => (papers.length > 0 ? JSON.stringify(papers) : '')

/** Null: this is none. */
export function readPapers(text: string): Succession | null {
  if (text === '') return []
  try {
    return readBy(succession, JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
