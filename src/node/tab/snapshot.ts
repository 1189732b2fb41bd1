/** The automation surface: plain JSON that tests, teachers' scripts and embedding pages rely on, word for word. */
import type { Role } from '../../network/network'

export interface Snapshot {
  readonly nodeId: string
  readonly role: Role
  readonly room: string
  readonly invite: string | null
  /** The link of a tab that may merge for others, on the coordinator; null elsewhere. */
  readonly edgeInvite: string | null
  readonly backend: string | null
  readonly device: string | null
  readonly model: { readonly name: string; readonly hash: string | null }
  readonly peers: readonly {
    readonly id: string
    readonly role: Role
    readonly state: string
    readonly transport: string | null
    /** What this peer has sent and received, as the coordinator counts it (where tabs gossip: this tab). */
    readonly bytes: { readonly sent: number; readonly received: number }
  }[]
  readonly scheme: string
  /** Completed rounds. */
  readonly round: number
  readonly version: number
  /** Nats per token. `train` and `alone` are this tab's own on a device, the mean over devices on the coordinator. */
  readonly loss: {
    readonly train: number | null
    readonly heldOut: number | null
    readonly alone: number | null
    readonly base: number | null
    /** Of the merged adapter and of the base, on text of the base's own world; null where that is not known. */
    readonly general: { readonly merged: number; readonly base: number } | null
  }
  readonly recall: {
    readonly merged: number
    /** Null: not measured. */
    readonly alone: number | null
    readonly base: number | null
  } | null
  readonly adapterHash: string | null
  readonly clusters: readonly (readonly string[])[]
  readonly bytes: {
    readonly sent: number
    readonly received: number
    readonly byKind: Readonly<Record<string, number>>
  }
  readonly tokensPerSecond: number | null
  /**
   * What the accountant says: of this tab's text, on the coordinator of the text that most was told of. Null where nothing is
   * promised.
   */
  readonly privacy: {
    /** What is protected: all of a tab's text together, or one row of it. */
    readonly unit: 'device' | 'example'
    /** Compared with a tab that took part and learned nothing; null: no guarantee, since there was no noise. */
    readonly epsilon: number | null
    /** Compared with a tab that learned from another text; null: no guarantee, or not known of examples. */
    readonly epsilonIfReplaced: number | null
    readonly delta: number
    /** z of the next update; null: no noise would keep to the budget. */
    readonly noise: number | null
    /** How far a change may move what leaves; null: it follows lengths, and nothing was sent yet. */
    readonly clip: number | null
    /** So many have left the tab, in all rooms that this text was in. */
    readonly updates: number
    /** Training on a text ends before an epsilon larger than this; null: it is only counted. */
    readonly budget: number | null
    readonly isSpent: boolean
  } | null
  /** The completed rounds, oldest first. */
  readonly history: readonly {
    readonly round: number
    readonly version: number
    /** How many devices' updates were merged. */
    readonly contributors: number
    /** Held out, nats per token; null: not measured. */
    readonly loss: number | null
  }[]
  /** The question that is being answered in this tab, or was last; null before the first. */
  readonly reasoning: {
    readonly session: number
    readonly mode: string
    readonly stages: readonly {
      readonly id: string
      readonly role: 'asker' | 'stage' | 'device' | 'edge'
      readonly layers: readonly [from: number, to: number]
    }[]
    readonly tokensPerSecond: number
    readonly recoveries: number
  } | null
  /** What the tab's extensions say of themselves, by their names. */
  readonly extensions: Readonly<Record<string, unknown>>
  readonly errors: readonly { readonly code: string; readonly message: string }[]
}
