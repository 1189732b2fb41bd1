/** Every scheme there is. A new one is one file beside this and one line here. */
import type { Scheme, SchemeName } from '../types'
import { asynchronous } from './asynchronous'
import { clustered } from './clustered'
import { gossip } from './gossip'
import { hierarchical } from './hierarchical'
import { synchronous } from './synchronous'

export const schemes: Readonly<Record<SchemeName, Scheme>> = {
  synchronous,
  clustered,
  hierarchical,
  asynchronous,
  gossip,
}
