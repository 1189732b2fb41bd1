import type { CorpusName } from '../corpora/share'
import type { Audit } from '../federation/privacy/audit'
import type { Standing } from '../federation/privacy/budget'
import type { Assignment } from '../federation/resources/allocation'
import type { Certificate } from '../federation/unlearning/certificate'
import type { Wish } from '../federation/unlearning/wish'
import type { Departed, Role, TransportKind } from '../network/network'
import type { Settings } from '../settings/table'
import type { Proof } from './reasoning/proof/verdict'
import type { ReasoningView } from './reasoning/view/view'
import type { LossPoint, RoundRecord, WebView } from './roundRecord'

export type { Role }

export type Phase =
  /** Model or network is on its way. `done`/`total` in bytes, examples or pipelines; total 0 = unknown. */
  | { readonly kind: 'starting'; readonly stage: StartStage; readonly done: number; readonly total: number }
  /** A device whose room is not there yet (waits up to 60 s). */
  | { readonly kind: 'waiting-for-room' }
  /** A device with the code but no secret: the coordinator must let it in. */
  | { readonly kind: 'knocking'; readonly phrase: string }
  | { readonly kind: 'lobby' }
  | { readonly kind: 'running' }
  /** Paused by the teacher, or by itself after three void rounds: `why` says so. */
  | { readonly kind: 'paused'; readonly why: string | null }
  | { readonly kind: 'finished'; readonly why: string }
  /** This tab cannot take part; the newest of `problems` says why and what to do. */
  | { readonly kind: 'failed' }

export type StartStage =
  | 'downloading-model'
  | 'waiting-for-tab'
  | 'reading-model'
  | 'starting-engine'
  | 'reading-text'
  | 'compiling'
  | 'connecting'

export type Activity =
  | 'joining'
  | 'idle'
  | 'training'
  | 'sending'
  | 'waiting'
  | 'loading'
  | 'paused'
  | 'suspect'
  | 'gone'

export interface DeviceView {
  /** Stable over reloads of that tab. */
  readonly key: string
  readonly peer: string
  /** Position in the room, from 0, given by the coordinator. Colours follow it (`app/colours`). -1 until admitted. */
  readonly index: number
  readonly name: string
  readonly role: Role
  readonly isSelf: boolean
  readonly activity: Activity
  readonly transport: TransportKind | null
  readonly backend: string | null
  /** Local step within this round and how many there are. */
  readonly step: number
  readonly steps: number
  readonly trainLoss: number | null
  readonly tokensPerSecond: number | null
  readonly roundTripMs: number | null
  /**
   * What it has sent and received over its links to the coordinator (to this tab, where tabs gossip) while that tab has been
   * open; of this tab itself and of the coordinator: over all links. What goes to an edge is not in it.
   */
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Examples it holds: its weight in the average. 0: has no text yet. */
  readonly examples: number
  /** Why its last update was refused, if it was. */
  readonly refused: string | null
  /** Which generated text it holds; null: its own, or nothing yet. */
  readonly corpus: CorpusName | null
  /** The adapter of its cluster; null where everybody shares one. */
  readonly cluster: string | null
  /** It would merge for others, if somebody let it. */
  readonly volunteers: boolean
  /** It merges for others. */
  readonly isEdge: boolean
  /** The key of the edge that it speaks with; its own where it is one; null: with the coordinator. */
  readonly edge: string | null
  /** What it is given in the next round for what it can do; null: everybody gets the same. */
  readonly assigned: AssignedView | null
}

export interface AssignedView extends Assignment {
  /** When its update is expected, after the order. */
  readonly expectedMs: number
  /** Before the room's deadline. */
  readonly isInTime: boolean
  /** What of it a person has set. */
  readonly byHand: Partial<Assignment>
}

/** An adapter on its way, for the moving dots. */
export interface TransferView {
  readonly id: string
  readonly fromKey: string
  readonly toKey: string
  readonly kind: 'adapter' | 'update'
  readonly doneBytes: number
  readonly totalBytes: number
}

export type RoundStage = 'broadcast' | 'training' | 'merging' | 'loading' | 'evaluating'

export interface RoundView {
  /** 1-based number of the round in progress; 0 before the first. */
  readonly number: number
  readonly of: number
  readonly stage: RoundStage | null
  readonly cohort: number
  /** Updates that have arrived. */
  readonly arrived: number
  readonly startedAtMs: number
  /** Epoch milliseconds at which the round closes whatever is missing; null: no deadline running. */
  readonly deadlineAtMs: number | null
}

export interface Problem {
  readonly code: string
  /** What happened, why, what to do now. */
  readonly message: string
  readonly atMs: number
}

export interface KnockView {
  readonly peer: string
  readonly name: string
  /** That tab’s page shows the same words, unless somebody sits in between. */
  readonly phrase: string
}

/** Who may come in. Of a coordinator. */
export interface DoorView {
  /** Nobody new is let in, whatever they know. */
  readonly isLocked: boolean
  /** Keys of those who do not come back. */
  readonly shutOut: readonly string[]
}

/** Who carries the room on, should its coordinator be gone for good. */
export interface SuccessionView {
  /** How often the room has elected so far. */
  readonly term: number
  /** Their keys, the first of those who live asks first; empty: nobody. */
  readonly heirs: readonly string[]
  /** The coordinator is lost, and somebody asks to be elected. */
  readonly isElecting: boolean
}

export interface TextView {
  /** What this tab trains on, for people: "4 private facts", "kitchen", "my-letters.txt". Null: nothing yet. */
  readonly title: string | null
  /** Learned from. */
  readonly examples: number
  /** Kept back, for measuring. */
  readonly keptBack: number
  readonly tokens: number
  /** A few examples to show on this device only. */
  readonly sample: readonly string[]
  /** The beginning of one of them, to be asked on this device only; null: it holds nothing of a person's own. */
  readonly prompt: SuggestedPrompt | null
}

export interface NodeState {
  readonly settings: Settings
  readonly phase: Phase
  readonly role: Role
  readonly selfKey: string
  readonly room: string
  /** Link for devices, with the secret. Coordinator only. */
  readonly invite: string | null
  /** The link for a tab that merges for others; on a coordinator only. */
  readonly edgeInvite: string | null
  readonly transport: TransportKind | null
  /** `speaksOn`: the machine that makes this tab's texts, where that is another than the one it trains on. */
  readonly backend: {
    readonly name: string
    readonly device: string
    readonly speaksOn: string | null
  } | null
  readonly model: { readonly name: string; readonly hash: string | null; readonly parameters: number }
  readonly text: TextView
  readonly devices: readonly DeviceView[]
  readonly knocks: readonly KnockView[]
  readonly admitAll: boolean
  readonly door: DoorView
  readonly succession: SuccessionView
  /** By device: words for two people to compare, where a link named no key. */
  readonly phrases: Readonly<Record<string, string>>
  readonly transfers: readonly TransferView[]
  readonly round: RoundView
  /** Null where somebody coordinates. */
  readonly web: WebView | null
  /** Epoch milliseconds at which the first round began. */
  readonly startedAtMs: number | null
  readonly version: number
  readonly adapterHash: string | null
  readonly history: readonly RoundRecord[]
  /** By device key. */
  readonly lossPoints: Readonly<Record<string, readonly LossPoint[]>>
  readonly baseLoss: number | null
  readonly baseRecall: number | null
  /** Questions worth asking in this room, e.g. about facts that only another tab has read. */
  readonly suggestedPrompts: readonly SuggestedPrompt[]
  readonly bytes: {
    readonly sent: number
    readonly received: number
    readonly byKind: Readonly<Record<string, number>>
  }
  /** What has left this tab in this life, by kind. */
  readonly departed: Readonly<Record<string, Departed>>
  readonly tokensPerSecond: number | null
  /** What has been told of the text of each device, by its key; on a device of its own alone. Empty where nothing is promised. */
  readonly accounts: Readonly<Record<string, AccountView>>
  /** What an attack makes of this tab's updates; null: the room does not audit itself, or nothing was sent yet. */
  readonly audit: AuditView | null
  /** Newest last. */
  readonly problems: readonly Problem[]
  readonly reasoning: ReasoningView
  /** The newest; null before the first. */
  readonly proof: Proof | null
  /** What this tab has asked its room to forget, and waits for; null: nothing. */
  readonly forgetting: Wish['of'] | null
  /** Of this tab, or on a coordinator of all; newest last. */
  readonly certificates: readonly Certificate[]
}

/** What the accountant says of one text (federation/privacy/budget.ts). */
export interface AccountView extends Standing {
  /** So many have left the tab. */
  readonly updates: number
  /** z of the next one; null: none would do. */
  readonly noise: number | null
  /** Of the last one; null before the first. */
  readonly clip: number | null
  readonly isSpent: boolean
}

/** An attack beside the account's claim: see device/auditing.ts. */
export interface AuditView extends Audit {
  /** Half of them were trained on. */
  readonly pieces: number
  /** The largest epsilon that so many pieces could show. */
  readonly mostShown: number
  /** That were looked at. */
  readonly updates: number
}

export interface SuggestedPrompt {
  readonly prompt: string
  /** Name of the device that read the answer; null for general prompts. */
  readonly owner: string | null
  readonly answer: string | null
}
