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

const neverReady = 'This tab could not get ready. Reload it, then run the proof again.'

export function openTabProof(
  tab: Tab,
  router: Router,
  reasoning: TabReasoning,
  { reopen }: Pick<World, 'reopen'>,
): TabProof {
  const listen = listenForClosing(router)
  let closeTab: CloseTab | null = null
  let part: Part | null = null
  const mayClose = (): MayClose => {
    const { role, scheme } = tab.store.getState().settings
    if (scheme === 'gossip') return 'nobody'
    return role === 'coordinator' ? 'yes' : 'coordinator-only'
  }
  const proving = openProving({
    clock: tab.clock,
    isReady() {
      if (part?.engine()) return true
      const { phase, problems } = tab.store.getState()
      if (phase.kind === 'failed') throw new Error(problems.at(-1)?.message ?? neverReady)
      return false
    },
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
    entered(entered, keeps) {
      part = entered
      const { network } = entered
      closeTab = listen({ network, clock: tab.clock, keeps, fallSilent: reasoning.close, reopen })
    },
  }
}
