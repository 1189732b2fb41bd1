/** What a coordinator’s rounds are put together from. */
import type { Identity } from '../../network/identity/identity'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { Crowd } from '../../settings/derived/federationConfig'
import type { Merging } from '../merging/merging'
import type { Ear, Router } from '../router'
import type { Engine, Tab } from '../tab/tab'
import type { FromDevice } from '../wire/messages'
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
  /** Keys of those who are not let in again. */
  readonly barred: () => readonly string[]
}
