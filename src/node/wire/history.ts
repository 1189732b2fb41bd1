/**
 * The rounds of before on their way to a tab that comes late. They are told in pieces, because a run of hundreds of rounds
 * is longer than one message may be.
 */

import type { RoundRecord } from '../roundRecord'
import type { FromCoordinator } from './messages'
import { mostRecordsInPiece } from './parts'

type Piece = FromCoordinator & { type: 'history' }
export type HistoryPiece = Pick<Piece, 'begins' | 'records'>

/** At least one, so that whoever knows of another run forgets it. */
export function historyInPieces(history: readonly RoundRecord[]): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at === 0 || at < history.length; at += mostRecordsInPiece)
    pieces.push({
      type: 'history',
      begins: at === 0,
      records: history.slice(at, at + mostRecordsInPiece),
    })
  return pieces
}

/** A round as a device of a large room hears of it: of all losses its own, and those of all together. */
export function roundOfDevice(record: RoundRecord, device: string): RoundRecord {
  const its = (losses: Readonly<Record<string, number>>) =>
    device in losses ? { [device]: losses[device] } : {}
  return {
    ...record,
    trainByDevice: its(record.trainByDevice),
    aloneByDevice: its(record.aloneByDevice),
  }
}

/** What is known after this piece, in order of rounds; of a round that was known already, the newer word stands. */
export function withPiece(known: readonly RoundRecord[], { begins, records }: HistoryPiece): RoundRecord[] {
  const byRound = new Map([...(begins ? [] : known), ...records].map((record) => [record.round, record]))
  return [...byRound.values()].toSorted((a, b) => a.round - b.round)
}
