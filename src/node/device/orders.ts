/** What an order's numbers mean to the device that obeys it. */
import type { AdapterName } from '../../federation/types'
import type { TrainProgress } from '../../training/compute'
import type { Order } from '../wire/messages'

/** Trained to be compared, not to be merged. */
export const isSurvey = ({ forRound }: Order): boolean => forRound === null

/** After this one the coordinator's round is over for the device. */
export const isLastTurn = ({ edge }: Order): boolean => edge === null || edge.turn === edge.turns

/** Steps of one edge round among those of the coordinator's round. */
export function withinRound({ edge }: Order, { step, steps, ...progress }: TrainProgress): TrainProgress {
  const { turn, turns } = edge ?? { turn: 1, turns: 1 }
  return { ...progress, step: (turn - 1) * steps + step, steps: turns * steps }
}

export const startsFrom = (order: Order, { adapter, version }: AdapterName): boolean =>
  order.adapter === adapter && order.version === version
