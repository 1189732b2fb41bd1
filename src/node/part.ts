/** What a role's file offers to node.ts: the same for a coordinator and a device, so that the page need not ask. */
import type { Assignment } from '../federation/resources/allocation'
import type { AdapterId, Command } from '../federation/types'
import type { Network } from '../network/network'
import type { Settings } from '../settings/table'
import type { Choice } from './local/text'
import type { Engine } from './tab/tab'

export interface Part {
  readonly network: Network
  engine(): Engine | null
  /** On a coordinator of this cluster; where none is said, the one that most devices share. Null: there is none yet. */
  adapter(id?: AdapterId): Uint8Array | null
  alone(): Uint8Array | null
  command(command: Command): void
  configure(settings: Settings): Promise<void>
  appoint(key: string, isEdge: boolean): void
  assign(key: string, override: Partial<Assignment>): void
  /** Lets a knocking tab in, or sends it away. */
  answer(peer: string, isWelcome: boolean): void
  setLocked(isLocked: boolean): void
  shutOut(key: string): void
  use(choice: Choice): Promise<void>
  /** A device itself, or a coordinator for one: it is out, and what was learned from it is unlearned. */
  forget(key: string): void
  /** Of this tab's own texts those with these words in them. */
  forgetText(words: string): Promise<void>
  rename(name: string): void
  /** Says goodbye and frees the engine. */
  leave(): Promise<void>
}
