/**
 * A room of the house that takes part in a tab beside the federation: reasoning across tabs, say. It is opened before the tab
 * enters its room and tells the router what it understands; once the tab is in, it speaks over the same links, and reaches
 * for links of its own under a purpose of its own. Coordinator, devices, edges and neighbours do not know that it is there.
 */
import type { Part } from './part'
import type { Router } from './router'
import type { Tab } from './tab/tab'

export interface Extension {
  /** Under it stands in the snapshot what this extension says there. */
  readonly name: string
  open(tab: Tab, router: Router): OpenExtension
}

export interface OpenExtension {
  /** The tab is in its room. What was said before has been heard already. */
  entered(part: Part): void
  /** Plain JSON. */
  snapshot(): unknown
  close(): void
}
