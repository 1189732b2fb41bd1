/** What a coordinator’s rounds are put together from. */

import type { CoordinatorEvent } from '../../federation/types'
import type { Identity } from '../../network/identity/identity'
import type { Network, RoomKeys } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { Crowd } from '../../settings/derived/federationConfig'
import type { Merging } from '../merging/merging'
import type { Ear, Router } from '../router'
import type { KnownLineage } from '../succession/lineage'
import type { Engine, Tab } from '../tab/tab'
import type { FromDevice } from '../wire/messages'
import type { Door } from './door'
import type { Keep } from './log'
import type { Notary } from './notary'
import type { Resumed } from './resume'

export interface CoordinatorParts {
  readonly tab: Tab
  readonly network: Network
  readonly router: Router
  readonly fromDevices: Ear<FromDevice>
  readonly engine: () => Engine
  readonly merging: Merging
  readonly clock: Clock
  readonly identity: Identity
  readonly crowd: Crowd
  readonly keep: Keep
  readonly resumed: Resumed
  /** Whether this coordinator's own invitation lets its bearer merge for others. */
  readonly isEdgePass: (pass: string) => Promise<boolean>
  readonly notary: Notary
  readonly keys: RoomKeys
  /** What was stored of the run so far. */
  readonly log: readonly CoordinatorEvent[]
  readonly lineage: KnownLineage
  readonly door: Door
}
