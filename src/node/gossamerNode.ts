/** What can be done with a tab's node. Its state is in state.ts. */
import type { StoreApi } from 'zustand/vanilla'
import type { Assignment } from '../federation/resources/allocation'
import type { ModeName } from '../reasoning/mode'
import type { Generation } from '../reasoning/soliloquy'
import type { Settings } from '../settings/table'
import type { TextReading, TextSource } from './local/ownText'
import type { ProofWish } from './reasoning/proof/proving'
import type { Proof } from './reasoning/proof/verdict'
import type { AskOptions, Stats } from './reasoning/view/view'
import type { NodeState, Problem } from './state'
import type { Snapshot } from './tab/snapshot'

export interface Answers {
  readonly prompt: string
  readonly base: Generation
  /** Null where this tab has trained nothing by itself. */
  readonly alone: Generation | null
  readonly federated: Generation
}

/** What a person, or the page's automation surface, can do with this tab's node. */
export interface GossamerNode {
  readonly store: Pick<StoreApi<NodeState>, 'getState' | 'subscribe' | 'getInitialState'>
  snapshot(): Snapshot
  /** By this tab alone or with others; how it grows stands in the state's `reasoning`. */
  generate(request: AskOptions & { readonly prompt: string }): Promise<Generation & { readonly stats: Stats }>
  /** Ends the question that is being answered. */
  stopAsking(): void
  /** Why a mode of reasoning cannot be had now, in plain words; null where it can. */
  lacks(mode: ModeName): string | null
  /** Looks who is there, so that the state's `reasoning` says which modes can be had; again once a minute while it matters. */
  lookAround(): Promise<void>
  /**
   * One question in five ways, each of which should say the same; how it goes stands in the state's `proof`. On a coordinator two
   * other tabs are closed meanwhile, and open again by themselves. Throws while one is made.
   */
  prove(wish: ProofWish): Promise<Proof>
  stopProving(): void
  /** Whether others may ask what this tab learned alone. */
  offerOwn(offersOwn: boolean): void
  /**
   * What this tab alone sees, as text that stays here and that others may ask about; null: nothing any more. Throws where it leaves no
   * room for a question.
   */
  see(text: string | null): Promise<void>
  /** One prompt, three adapters. */
  ask(prompt: string, options?: { tokens?: number; temperature?: number; seed?: number }): Promise<Answers>

  /** Coordinator only. */
  start(): void
  pause(): void
  resume(): void
  /** Runs one round, then pauses again. */
  stepRound(): void
  stop(): void
  admit(peer: string): void
  refuse(peer: string): void
  setAdmitAll(admitAll: boolean): void
  /** Locked, a room lets nobody in who has not been in it. Unlocking lets those back in, too, who were shut out. */
  setLocked(isLocked: boolean): void
  /** A device leaves, and its key is not let in again before the room is unlocked. */
  shutOut(key: string): void
  /** Closes a tab's part in the room, to show that the others go on without it. That tab is told, and may come back. */
  sendAway(peer: string): void
  /** Makes a device an edge or an ordinary device again; a device can say so of itself only. */
  appoint(key: string, isEdge: boolean): void
  /**
   * Gives a device so many steps, such batches, such a rank or precision, from its next order on; what is absent
   * follows from what it can do. For rooms that allocate by speed.
   */
  assign(key: string, override: Partial<Assignment>): void
  /**
   * Changes rounds, localSteps, learning rate, corpus … for all; once a run has begun, only how it goes on. A device decides
   * for itself what is its own word: whether it reads public text again.
   */
  configure(change: Partial<Settings>): Promise<void>

  /**
   * A device of itself, or a coordinator for a device: it trains no more, what was learned from it is unlearned where that can
   * be, and it leaves with a certificate. Throws in words where that cannot be.
   */
  forget(key: string): void
  /** The same of single texts of this tab's person, those in which these words stand; the tab stays. */
  forgetText(words: string): Promise<void>

  /** Any node. Throws an error whose message can be shown as it is. */
  /** Reads text and does not train on it yet: for a look at what would be learned. */
  readText(source: TextSource): Promise<readonly TextReading[]>
  /** Trains on what was read. */
  useText(readings: readonly TextReading[]): Promise<void>
  /** Reads and trains, without a look. */
  useFiles(files: readonly File[]): Promise<void>
  usePaste(text: string): Promise<void>
  useCorpus(name: string): Promise<void>
  rename(name: string): void
  /** The adapter that this tab holds, or a coordinator's of one cluster, as canonical bytes; null before there is one. */
  adapter(id?: string): Uint8Array | null
  /** The merged adapter as a PEFT directory in a zip. */
  takeHome(): Promise<{ readonly fileName: string; readonly bytes: Uint8Array }>
  dismissProblem(problem: Problem): void
  leave(): Promise<void>
}
