/**
 * What becomes of versions on their way: whoever issues one says its hash, and whoever holds one says so. One version of an
 * adapter is the same everywhere, as long as one coordinator makes them; and no tab shows an older one than it has shown under it.
 * Whoever is elected goes on from what a majority has seen: what a minority has seen beyond that may be made anew.
 */
import { isOfEdge } from '../../../src/federation/names'
import type { Message } from '../../../src/network/network'
import type { NodeState } from '../../../src/node/state'
import type { Note } from './violation'

export interface Versions {
  /** @param term of the coordinator that the tab belongs to */
  said(key: string, message: Message, term: number): void
  /** A tab begins anew. */
  opened(key: string): void
  shown(key: string, state: NodeState): void
  /** A full disk has cost this tab its newest versions, which it will make anew; null: the coordinator, on whose everybody stands. */
  forgets(key: string | null): void
}

const hasSeveral: readonly string[] = ['clustered', 'hierarchical']

export function versionsOf(note: Note, when: () => string): Versions {
  const hashes = new Map<string, string>()
  const newest = new Map<string, number>()
  /** Once: to what a coordinator has left that lost its newest versions. */
  const mayGoBack = new Set<string>()
  /** And makes anew: who holds the old one may still say so. */
  const madeTwice = new Set<string>()
  /** Tabs that have loaded something under the coordinator of this term. */
  const arrived = new Set<string>()
  const same = (name: string, hash: unknown, event: string) => {
    if (madeTwice.has(name)) return
    const known = hashes.get(name)
    if (known === undefined) hashes.set(name, String(hash))
    else if (known !== hash) note('one version has one hash', `${when()} ${event}: ${name}`)
  }
  const forward = (name: string, does: string, version: number) => {
    const before = newest.get(name) ?? 0
    if (version < before && !mayGoBack.delete(name))
      note('versions never go back', `${when()}: ${name} ${does} ${version} after ${before}`)
    newest.set(name, version)
  }
  return {
    said(key, message, term) {
      const { type, adapter, version, hash } = message
      // What an edge merges is its own, and begins anew when its tab is reloaded.
      if ((type === 'adapter' || type === 'loaded') && typeof adapter === 'string' && !isOfEdge(adapter)) {
        same(`${adapter} ${version} of term ${term}`, hash, `${key} says ${type}`)
        if (type === 'loaded') arrived.add(`${key} ${term}`)
        if (type === 'loaded') forward(`${key} ${adapter} of term ${term}`, 'loads', Number(version))
      }
      if (type === 'announcement') same(`of ${key} ${version}`, hash, `${key} announces`)
    },
    opened(key) {
      for (const name of newest.keys()) if (name.split(' ')[0] === key) newest.delete(name)
    },
    forgets(key) {
      if (key === null) for (const name of newest.keys()) mayGoBack.add(name)
      for (const name of hashes.keys()) if (key === null || name.startsWith(`of ${key} `)) madeTwice.add(name)
    },
    shown(key, { version, settings, succession: { term } }) {
      // Whoever follows another coordinator shows what it had until that one's version is there.
      if (term > 0 && !arrived.has(`${key} ${term}`)) return
      // Where there are several adapters, a device that changes its own begins at that one's version.
      if (!hasSeveral.includes(settings.scheme)) forward(`${key} of term ${term}`, 'shows', version)
    },
  }
}
