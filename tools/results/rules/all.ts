/** Every rule, in the order of the page. Another one is one file and one line. */
import type { Rule } from '../rule'
import { rule as asynchronous } from './asynchronous'
import { rule as centralised } from './centralised'
import { rule as clustered } from './clustered'
import { rule as compression } from './compression'
import { rule as exact } from './exact'
import { rule as facts } from './facts'
import { rule as forgetting } from './forgetting'
import { rule as gossip } from './gossip'
import { rule as hierarchical } from './hierarchical'
import { rule as liars } from './liars'
import { rule as scale } from './scale'

export const rules: readonly Rule[] = [
  ...[asynchronous, clustered, exact, compression, hierarchical, gossip, centralised, scale, facts],
  forgetting,
  liars,
]
