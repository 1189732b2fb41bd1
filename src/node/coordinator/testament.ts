/** What this coordinator's will is made of: its room's state, versions and log, and the roster of the will that put it in its place. */
import type { CoordinatorEffect, CoordinatorEvent, FederationState } from '../../federation/types'
import type { Executor } from '../executor/executor'
import type { Post } from '../executor/post'
import type { SavedRoom } from '../stored/storage'
import { type Testator, testatorOf } from '../succession/testator'
import type { Keep } from './log'
import type { CoordinatorParts } from './parts'

export function testamentOf(
  coordinator: CoordinatorParts,
  executor: Pick<Executor<FederationState, CoordinatorEvent, CoordinatorEffect>, 'versions' | 'state'>,
  send: Post['send'],
  keep: Keep,
  standing: () => Pick<SavedRoom, 'begunWith' | 'forgotten'>,
): Testator {
  const { tab, clock, identity, keys, log, lineage, resumed, door } = coordinator
  const shown = () => tab.store.getState()
  return testatorOf({
    send,
    state: () => executor.state,
    versions: executor.versions,
    clock,
    identity,
    keys,
    log,
    lineage,
    settings: () => shown().settings,
    will: resumed.room.will,
    standing: () => ({ ...standing(), startedAtMs: shown().startedAtMs, door: door.kept }),
    keep: (change) => keep(null, change),
    show: (heirs) => tab.set({ succession: { ...shown().succession, heirs } }),
  })
}
