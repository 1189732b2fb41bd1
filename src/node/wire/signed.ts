/**
 * What the coordinator signs of what it says, as text: so that a device need not believe whoever brings it. Of a version it is
 * name, hash and folds, which stay true whoever passes it on, and in whichever form; of an edge's warrant its terms and whose
 * it is; of orders, digests and what is said about edges the whole letter, as it came. The room's code stands in each, and a
 * word for its kind, so that nothing that is signed can stand for something else. Keys and curves are not known here.
 */
import type { Message } from '../../network/network'
import type { FromCoordinator, ToDevice } from './messages'
import type { Warrant } from './parts'

export type Terms = Omit<Warrant, 'signature'>
type Version = Pick<FromCoordinator & { type: 'adapter' }, 'adapter' | 'version' | 'hash' | 'folds'>

export const versionText = (code: string, { adapter, version, hash, folds }: Version): string =>
  JSON.stringify(['gossamer-version-1', code, adapter, version, hash, folds])

export function warrantText(code: string, terms: Terms): string {
  const { edge, round, adapter, version, edgeRounds, steps, batch, learningRate, proximal, pool } = terms
  const numbers = [round, adapter, version, edgeRounds, steps, batch, learningRate, proximal]
  const runs = pool.map(({ corpus, first, count }) => [corpus, first, count])
  return JSON.stringify(['gossamer-warrant-1', code, edge, ...numbers, runs])
}

/** @param letter as it was sent, with its signature or still without one */
export function letterText(code: string, letter: Message | ToDevice): string {
  const { signature: _, ...said } = letter as Message
  return `gossamer-letter-1 ${code} ${JSON.stringify(said)}`
}

/** What an edge may ask by this order. */
export function termsOf(edge: string, order: ToDevice & { readonly type: 'edge-order' }): Terms {
  const { round, adapter, version, edgeRounds, learningRate, proximal, pool } = order
  const given = Object.values(order.assigned ?? {})
  return {
    edge,
    round,
    adapter,
    version,
    edgeRounds,
    steps: Math.max(order.steps, ...given.map(({ steps }) => steps)),
    batch: Math.max(order.batch, ...given.map(({ batch }) => batch)),
    learningRate,
    proximal,
    pool,
  }
}
