/** What a tab shows of its reasoning: the question that is being answered, or was last, and what it does for others. */
import { type Account, counted, emptyAccount, type Shares } from '../../reasoning/account'
import type { Codec } from '../../reasoning/core/codecs'
import type { Gain, ModeName, Note, Said, Stage } from '../../reasoning/mode'
import type { Tales } from '../../reasoning/told'
import type { Traffic } from '../../reasoning/traffic'
import { isJudged } from './modes'
import { inPieces } from './pieces'

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
type Happening = Extract<
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

/** Weight vectors that are kept: as many as a small picture has columns. */
const mostWeights = 256
const mostIncidents = 100
/** Drafts whose fate is shown in the text. */
const mostJudged = 1000

export const begun = (
  session: number,
  mode: ModeName,
  prompt: string,
  promptLength: number,
  isTakenOver = false,
): Asking => ({
  session,
  mode,
  way: mode,
  prompt,
  promptLength,
  isRunning: true,
  isTakenOver,
  text: '',
  tokens: [],
  stages: [],
  weights: [],
  pastWeights: [],
  gains: [],
  incidents: [],
  judged: [],
  account: emptyAccount,
  gatherMs: 0,
  computeMs: 0,
  travelMs: 0,
  tookMs: 0,
  bytes: 0,
  traffic: {},
  hash: null,
  problem: null,
})

/** Whether a text that begins takes the place of what is shown: somebody's who is gone does not disturb an answer on its way. */
export const mayShow = (shown: Asking | null, begins: Asking): boolean =>
  !(begins.isTakenOver && shown?.isRunning && !shown.isTakenOver)

/** After something more was said. `text`: the answer then, where that has changed it. */
export function after(before: Asking, said: Said, text = before.text): Asking {
  const asking = { ...before, account: counted(before.account, said) }
  switch (said.kind) {
    case 'token': {
      const { id, gap, computeMs, travelMs } = said
      const isHandedOn = asking.stages.length > 0 && !isJudged(asking.way)
      const by = isHandedOn ? [...new Set(asking.stages.map((stage) => stage.id))] : [said.by]
      return {
        ...asking,
        text,
        tokens: inPieces([...asking.tokens, { id, by, gap, gains: asking.gains, piece: '' }], text),
        computeMs: asking.computeMs + computeMs,
        travelMs: asking.travelMs + travelMs,
      }
    }
    case 'retract': {
      const kept = asking.tokens.slice(0, Math.max(0, said.from - asking.promptLength))
      const judged = asking.judged.filter(({ after, accepted }) => after + accepted < kept.length)
      // Of an ensemble, each token had its weights.
      const taken = asking.tokens.length - kept.length
      const pastWeights = asking.pastWeights.slice(0, Math.max(0, asking.pastWeights.length - taken))
      return { ...asking, text, tokens: inPieces(kept, text), pastWeights, judged }
    }
    case 'note':
      return noted(asking, said.note)
  }
}

function noted(asking: Asking, note: Note): Asking {
  switch (note.kind) {
    case 'gathered':
      return { ...asking, gatherMs: note.milliseconds }
    case 'stages':
      return { ...asking, stages: note.stages }
    case 'weights':
      return {
        ...asking,
        weights: note.members,
        pastWeights: [...asking.pastWeights, note.members].slice(-mostWeights),
      }
    case 'lost':
    case 'recovered':
    case 'liar':
    case 'checked':
    case 'shipped':
    case 'handover':
    case 'threshold':
    case 'contradiction':
    case 'unseen':
      return happened(asking, note)
    case 'mode':
      return { ...happened(asking, note), way: note.mode, stages: [] }
    case 'views':
      return { ...asking, gains: note.gains }
    case 'judged':
      return {
        ...asking,
        judged: [...asking.judged, { ...note, after: asking.tokens.length }].slice(-mostJudged),
      }
    case 'depth':
      return asking
  }
}

const happened = (asking: Asking, note: Happening): Asking => ({
  ...asking,
  incidents: bounded([...asking.incidents, { ...note, after: asking.tokens.length }]),
})

/** Where there are too many, what happens again and again makes way first: no loss is forgotten for it. */
function bounded(incidents: readonly Incident[]): readonly Incident[] {
  if (incidents.length <= mostIncidents) return incidents
  const usual = incidents.findIndex(({ kind }) =>
    ['handover', 'checked', 'contradiction', 'mode'].includes(kind),
  )
  return incidents.toSpliced(Math.max(0, usual), 1)
}

export const recoveriesOf = ({ incidents }: Asking): number =>
  incidents.filter(({ kind }) => kind === 'lost' || kind === 'unseen').length

/** Tokens that were read again because somebody was lost. */
export const replayedIn = ({ incidents }: Asking): number =>
  incidents.reduce((sum, one) => sum + (one.kind === 'recovered' ? one.replayedTokens : 0), 0)
