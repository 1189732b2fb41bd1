/** Orders to train, from what the reducer asks for and what the room has agreed on. */
import type { OrderEffect } from '../../federation/effects'
import type { Order } from '../wire/messages'

/** What stands in an order beside the reducer's words; `batch` and `rank` for whoever was given nothing of its own. */
export type OrderTerms = Pick<
  Order,
  'batch' | 'rank' | 'learningRate' | 'learns' | 'pool' | 'forRound' | 'edge' | 'clip'
>

export function orderOf(
  { adapter, version, round, steps, proximal, assigned }: OrderEffect,
  { batch, rank, ...terms }: OrderTerms,
): Order {
  const { precision, ...given } = assigned ?? { batch, rank, precision: null }
  return {
    ...terms,
    type: 'order',
    round,
    adapter,
    version,
    steps,
    proximal,
    batch: given.batch,
    rank: given.rank,
    precision,
  }
}
