/** A tab's part in proofs: it makes them, in the texts and over the links of its own reasoning, and is closed in those of its coordinator. */
import type { Part } from '../../part'
import type { Router } from '../../router'
import type { Tab } from '../../tab/tab'
import type { World } from '../../world'
import type { TabReasoning } from '../reasoning'
import { type CloseTab, listenForClosing } from './closing'
import { openProving, type Proving } from './proving'
import type { MayClose } from './rows'

export interface TabProof extends Proving {
  /** @param keeps whether what this tab holds outlives its page */
  entered(part: Part, keeps: boolean): void
}

export function openTabProof(
  tab: Tab,
  router: Router,
  reasoning: TabReasoning,
  { reopen }: Pick<World, 'reopen'>,
): TabProof {
  const listen = listenForClosing(router)
  let closeTab: CloseTab | null = null
  const mayClose = (): MayClose => {
    const { role, scheme } = tab.store.getState().settings
    if (scheme === 'gossip') return 'nobody'
    return role === 'coordinator' ? 'yes' : 'coordinator-only'
  }
  const proving = openProving({
    clock: tab.clock,
    async begin() {
      await reasoning.lookAround()
      return reasoning.beginAnew()
    },
    async ask(question, heard) {
      const { stats } = await reasoning.generate(question, heard)
      return stats.adapterHash
    },
    stop: reasoning.stop,
    mayClose,
    close: async (peer) => (closeTab ? closeTab(peer) : false),
    show: (proof) => tab.set({ proof }),
  })
  return {
    ...proving,
    entered({ network }, keeps) {
      closeTab = listen({ network, clock: tab.clock, keeps, fallSilent: reasoning.close, reopen })
    },
  }
}
