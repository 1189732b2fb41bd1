/** What an order's numbers mean to the device that obeys it. */
import type { AdapterName } from '../../federation/types'
import type { Order } from '../messages'
import type { Settings } from '../settings'

/** Trained to be compared, not to be merged: its number is beyond those of all rounds. */
export const isSurvey = ({ round }: Order, { scheme, rounds }: Settings): boolean =>
  scheme === 'clustered' && round > rounds

/** Where the order stands in the run: asynchronous orders count devices' turns, versions count the run's. */
export const roundIn = ({ round, version }: Order, { scheme }: Settings): number =>
  scheme === 'asynchronous' ? version + 1 : round

export const startsFrom = (order: Order, { adapter, version }: AdapterName): boolean =>
  order.adapter === adapter && order.version === version
