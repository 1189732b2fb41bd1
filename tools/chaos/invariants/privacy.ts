/**
 * What leaves a tab of its text, where its room promises privacy. An update is counted by its text's account, as the tab's disk
 * keeps it, before it leaves: over all lives of the tab, plain, under masks, to an edge, or in what an edge brings of its own training. No
 * account goes beyond its budget, and no number that follows from text is said without noise.
 */
import { epsilonOf } from '../../../src/federation/privacy/accountant'
import type { Accounts, PrivacyTerms } from '../../../src/federation/privacy/budget'
import { sha256Hex } from '../../../src/lib/hash'
import type { Message } from '../../../src/network/network'
import { type FromDevice, fromDevice } from '../../../src/node/wire/messages'
import type { Note } from './violation'

export interface Privacy {
  /** This is on its disk. */
  keeps(key: string, accounts: Accounts): void
  said(key: string, message: Message): void
  /** A tab begins anew: what it has not sent is gone. */
  opened(key: string): void
}

const nothing = sha256Hex(new Uint8Array())
/** Beside an epsilon that was found by bisection. */
const rounding = 1e-9

/** Answers that are losses. */
const plain: readonly string[] = ['tried', 'judged', 'report']

/** @param terms what the room promises; null: nothing */
export function privaciesOf(note: Note, when: () => string, terms: PrivacyTerms | null): Privacy {
  const counted = new Map<string, number>()
  /** By tab: what tells its updates apart. */
  const left = new Map<string, Set<string>>()
  const lives = new Map<string, number>()
  /** By session: its round. */
  const rounds = new Map<string, number>()
  /** By life and round: in how many sums that may be known it is. After each it trains on other batches. */
  const told = new Map<string, number>()
  const sent = new Set<string>()

  const lifeOf = (key: string) => `${key} in life ${lives.get(key) ?? 0}`
  const placeOf = (key: string, session: string) => `${lifeOf(key)}, round ${rounds.get(session) ?? session}`

  function leaves(key: string, name: string): void {
    const names = left.get(key) ?? new Set()
    left.set(key, names.add(name))
    const known = counted.get(key) ?? 0
    if (names.size > known)
      note(
        'what leaves is counted',
        `${when()} ${key} sends its update ${names.size}, and ${known} are counted`,
      )
  }
  function masked(key: string, { session, hash }: FromDevice & { type: 'masked' }): void {
    sent.add(`${lifeOf(key)} ${session}`)
    const place = placeOf(key, session)
    // One update may go into two sums of which none is ever known.
    if (hash !== nothing) leaves(key, `${place}, draw ${told.get(place) ?? 0}`)
  }
  function follow(key: string, said: FromDevice): void {
    switch (said.type) {
      case 'update':
        return said.hash === nothing ? undefined : leaves(key, said.hash)
      case 'masked':
        return masked(key, said)
      case 'secure-told': {
        const place = placeOf(key, said.session)
        if (sent.delete(`${lifeOf(key)} ${said.session}`)) told.set(place, (told.get(place) ?? 0) + 1)
        return
      }
      case 'forward':
        return Object.hasOwn(said.trained, key)
          ? leaves(key, `${lifeOf(key)} brings its own in round ${said.round}`)
          : undefined
      default:
        return
    }
  }
  /** What a letter of a device says of its text without noise; null: nothing. */
  function toldPlainly(said: FromDevice): string | null {
    if (plain.includes(said.type)) return 'a loss'
    if ('loss' in said && said.loss !== null) return `the loss ${said.loss}`
    if ('within' in said && (said.within === 0 || said.within === 1))
      return 'whether it stayed within its clip'
    if ('examples' in said && said.type !== 'forward' && said.examples > 1) return 'how much text it has'
    const behind = said.type === 'forward' ? Object.values(said.trained) : []
    return behind.some(({ loss, examples }) => loss !== null || examples > 1) ? 'what its devices keep' : null
  }

  return {
    keeps(key, accounts) {
      if (terms === null) return
      const { spent, updates } = accounts[terms.unit]
      counted.set(key, updates)
      const epsilon = epsilonOf(spent, terms.delta)
      if (terms.budget !== null && epsilon > terms.budget * (1 + rounding))
        note('no account goes beyond its budget', `${when()} ${key} has told ${epsilon} of ${terms.budget}`)
    },
    said(key, message) {
      if (terms === null) return
      if (message.type === 'secure-begin') rounds.set(String(message.session), Number(message.round))
      const { data } = fromDevice.safeParse(message)
      if (!data) return
      follow(key, data)
      const plainly = toldPlainly(data)
      if (plainly !== null)
        note('nothing private is told without noise', `${when()} ${key} says ${plainly} (${data.type})`)
    },
    opened(key) {
      lives.set(key, (lives.get(key) ?? 0) + 1)
    },
  }
}
