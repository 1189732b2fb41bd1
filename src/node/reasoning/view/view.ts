/** What a tab shows of its reasoning: the question that is being answered, or was last, and what it does for others. */
import type { Account, Shares } from '../../../reasoning/account'
import type { Codec } from '../../../reasoning/core/codecs'
import type { Gain, ModeName, Note, Stage } from '../../../reasoning/mode'
import type { Tales } from '../../../reasoning/told'
import type { Traffic } from '../../../reasoning/traffic'

export interface AskOptions {
  readonly tokens?: number
  readonly temperature?: number
  readonly seed?: number
  /** `alone` where it is not said. */
  readonly mode?: string
  /** A device guesses so many tokens at once; null, or not said: as many as pay. */
  readonly draft?: number | null
  /** Of a cascade: so often, at most, a token kept may be another than the whole model's. */
  readonly risk?: number
  /** A choice of the first layers stands below this doubt, from 0 to 1; null, or not said: as the risk allows. */
  readonly doubt?: number | null
  /** How rows travel. */
  readonly codec?: Codec
  /** Of speculative: 2, an edge judges; 3, and what the tabs around a third say together judges that. */
  readonly tiers?: 2 | 3
  /** `kept` where it is not said: guesses are made with what a room has trained for it, if this device keeps that. */
  readonly draftAdapter?: 'kept' | 'none'
}

export interface Stats extends Shares, Tales {
  readonly mode: string
  readonly version: number
  readonly adapterHash: string
  readonly tokensPerSecond: number
  readonly recoveries: number
  readonly replayedTokens: number
  /** Both ways, of what this tab asked. */
  readonly bytesPerToken: number
  /** Of its machine's arithmetic: where two are the same, so are their texts, to the bit. */
  readonly fingerprint: string
}

export interface ShownToken {
  readonly id: number
  /**
   * Who said it: whoever had most to do with it, or, where it went through the layers of several tabs, all of these in their order.
   * Nobody, where only a tab that is gone knew.
   */
  readonly by: readonly string[]
  readonly gap: number
  /** By how many nats each view made it likelier; of other modes none. */
  readonly gains: readonly Gain[]
  /** What it adds to the text; all pieces together are the text. A letter of several tokens is its last one's. */
  readonly piece: string
}

/** How much each member of an ensemble or a mixture counts. */
export type Weights = Extract<Note, { kind: 'weights' }>['members']

/** What happened on the way, for the list of events. */
export type Happening = Extract<
  Note,
  {
    kind:
      | 'lost'
      | 'recovered'
      | 'liar'
      | 'checked'
      | 'shipped'
      | 'handover'
      | 'threshold'
      | 'contradiction'
      | 'unseen'
      | 'mode'
  }
>
export type Incident = Happening & {
  /** Tokens that had been said. */
  readonly after: number
}

/** A draft that somebody judged. */
export type Judged = Extract<Note, { kind: 'judged' }> & {
  /** Tokens that had been said before it. */
  readonly after: number
}

export interface Asking {
  /** Counts this tab's questions. */
  readonly session: number
  readonly mode: ModeName
  /** How it is made at the moment: the mode, or what `auto` has chosen. */
  readonly way: ModeName
  readonly prompt: string
  /** In tokens. */
  readonly promptLength: number
  readonly isRunning: boolean
  /** Its asker died, and this tab goes on with it. */
  readonly isTakenOver: boolean
  readonly text: string
  readonly tokens: readonly ShownToken[]
  readonly stages: readonly Stage[]
  readonly weights: Weights
  /** The newest weights before and with these, the oldest first. */
  readonly pastWeights: readonly Weights[]
  /** Of the token that follows, what each view had to do with it. */
  readonly gains: readonly Gain[]
  readonly incidents: readonly Incident[]
  /** How guesses fared, the last ones last. */
  readonly judged: readonly Judged[]
  readonly account: Account
  /** Until the others of the room had said what they are. */
  readonly gatherMs: number
  readonly computeMs: number
  readonly travelMs: number
  /** Since it began, until now or its end. */
  readonly tookMs: number
  readonly bytes: number
  /** By the tab at the other end, and by kind of packet. */
  readonly traffic: Traffic['byLink']
  /** Of the ids, once all are there. */
  readonly hash: string | null
  /** Why it ended early, in plain words. */
  readonly problem: string | null
}

export interface ReasoningView {
  /** This tab's person lets others ask what it learned alone. */
  readonly offersOwn: boolean
  readonly asking: Asking | null
  /** Tokens computed for others, by their names. */
  readonly served: Readonly<Record<string, number>>
  /** This tab has learned something alone, which others could ask. */
  readonly knowsOwn: boolean
  /** Why a mode cannot be had now, in plain words; a mode that is not named can. */
  readonly lacking: Readonly<Partial<Record<ModeName, string>>>
  /** So many of the model's layers this tab may hold; null while it has no model. */
  readonly holds: { readonly layers: number; readonly of: number } | null
  /** What this tab guesses with for others to judge: trained by a room on so many first layers alone. Null: nothing of the kind. */
  readonly keptDraft: { readonly layers: number; readonly room: string } | null
  /** What this tab alone sees; `tokens` null until somebody has counted them. */
  readonly sees: { readonly text: string; readonly tokens: number | null } | null
  /** Tokens that a view may have; null while there is no model. */
  readonly mostSeen: number | null
  /** Whether its model sees pictures; null while there is no model. */
  readonly seesPictures: boolean | null
}

export const nothingAsked: ReasoningView = {
  offersOwn: false,
  asking: null,
  served: {},
  knowsOwn: false,
  lacking: {},
  holds: null,
  keptDraft: null,
  sees: null,
  mostSeen: null,
  seesPictures: null,
}

/** Of those who asked this tab the newest are shown: names cost nothing, and may be changed with every question. */
const mostServed = 32

/** After somebody of this name was given so many tokens more. */
export function servedAfter(
  served: ReasoningView['served'],
  name: string,
  tokens: number,
): ReasoningView['served'] {
  const all = { ...served, [name]: (served[name] ?? 0) + tokens }
  return Object.fromEntries(Object.entries(all).slice(-mostServed))
}

/** Whether a text that begins takes the place of what is shown: somebody's who is gone does not disturb an answer on its way. */
export const mayShow = (shown: Asking | null, begins: Asking): boolean =>
  !(begins.isTakenOver && shown?.isRunning && !shown.isTakenOver)
