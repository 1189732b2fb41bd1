/**
 * What is news. Links keep their order and repeat nothing, but a letter that went another way may come late, when the room has
 * gone on: so what a later message undoes is numbered by its sender, and nothing that is numbered is heard twice or out of order.
 * What is not numbered does no harm late: it speaks of a round, and rounds are closed once.
 */
import type { PeerId } from '../../network/network'
import type { FromCoordinator, FromDevice } from '../wire/messages'

type Said = FromCoordinator | FromDevice
type Numbered = Extract<Said, { readonly number: number }>

/** Kinds that undo each other share their numbers. Adapters have their own: they take another lane than orders. */
const countedWith: Readonly<Record<Numbered['type'], string>> = {
  adapter: 'adapter',
  digest: 'digest',
  attach: 'edges',
  'shut-out': 'door',
  estate: 'estate',
  'edge-order': 'edges',
  'edge-devices': 'edges',
  enroll: 'enrolment',
  withdraw: 'enrolment',
}

/** Whether a message is newer than all of its kind from the same sender; what is not numbered always is. */
export function newsOf(): (from: PeerId, said: Said) => boolean {
  const newest = new Map<string, number>()
  return (from, said) => {
    if (!('number' in said)) return true
    const place = `${countedWith[said.type]} ${from}`
    if (said.number <= (newest.get(place) ?? 0)) return false
    newest.set(place, said.number)
    return true
  }
}
