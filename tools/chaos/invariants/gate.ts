/**
 * What devices have voted down: a merge that was not taken up is in no version, neither stored nor sent, as long as the tab
 * lives that asked them. A later life knows nothing of the vote, and makes what it makes anew.
 */
import type { MergeEffect } from '../../../src/federation/effects'
import type { CoordinatorEvent } from '../../../src/federation/types'
import type { Message } from '../../../src/network/network'
import type { Note } from './violation'

export interface Gate {
  /** What updates came to, before anybody is asked. */
  makes(key: string, effect: MergeEffect, hash: string): void
  /** The version before goes on in the place of what was made. */
  refuses(key: string, effect: MergeEffect): void
  said(key: string, message: Message): void
  stores(key: string, event: CoordinatorEvent): void
  opened(key: string): void
}

export function gateOf(note: Note, when: () => string): Gate {
  const made = new Map<string, string>()
  /** By tab. */
  const refused = new Map<string, Set<string>>()
  const nameOf = (key: string, { adapter, version, round }: MergeEffect) =>
    `${key} ${adapter} ${version} ${round}`
  const check = (key: string, hash: unknown, does: string) => {
    if (refused.get(key)?.has(String(hash)))
      note('what was voted down is in no version', `${when()} ${key} ${does} ${hash}`)
  }
  return {
    makes: (key, effect, hash) => void made.set(nameOf(key, effect), hash),
    refuses(key, effect) {
      const merge = made.get(nameOf(key, effect))
      if (merge !== undefined) refused.set(key, (refused.get(key) ?? new Set()).add(merge))
    },
    said(key, { type, hash }) {
      if (type === 'adapter') check(key, hash, 'sends')
    },
    stores(key, event) {
      if (event.type === 'merged') check(key, event.adapterHash, 'stores')
    },
    opened: (key) => void refused.delete(key),
  }
}
