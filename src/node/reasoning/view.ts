/** What a tab shows of its reasoning: the question that is being answered, or was last, and what it does for others. */
import type { ModeName, Note, Said, Stage } from '../../reasoning/mode'

export interface AskOptions {
  readonly tokens?: number
  readonly temperature?: number
  readonly seed?: number
  /** `alone` where it is not said. */
  readonly mode?: string
}

export interface Stats {
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
  /** Who had most to do with it. */
  readonly by: string
  readonly gap: number
}

/** What happened on the way, for the list of events. */
export type Incident = Extract<Note, { kind: 'lost' | 'recovered' | 'liar' | 'checked' | 'shipped' }> & {
  /** Tokens that had been said. */
  readonly after: number
}

export interface Asking {
  /** Counts this tab's questions. */
  readonly session: number
  readonly mode: ModeName
  readonly prompt: string
  /** In tokens. */
  readonly promptLength: number
  readonly isRunning: boolean
  /** Its asker died, and this tab goes on with it. */
  readonly isTakenOver: boolean
  readonly text: string
  readonly tokens: readonly ShownToken[]
  readonly stages: readonly Stage[]
  readonly weights: Extract<Note, { kind: 'weights' }>['members']
  readonly incidents: readonly Incident[]
  readonly computeMs: number
  readonly travelMs: number
  /** Since it began, until now or its end. */
  readonly tookMs: number
  readonly bytes: number
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
}

export const nothingAsked: ReasoningView = { offersOwn: false, asking: null, served: {} }

export const begun = (
  session: number,
  mode: ModeName,
  prompt: string,
  promptLength: number,
  isTakenOver = false,
): Asking => ({
  session,
  mode,
  prompt,
  promptLength,
  isRunning: true,
  isTakenOver,
  text: '',
  tokens: [],
  stages: [],
  weights: [],
  incidents: [],
  computeMs: 0,
  travelMs: 0,
  tookMs: 0,
  bytes: 0,
  hash: null,
  problem: null,
})

/** After something more was said. */
export function after(asking: Asking, said: Said): Asking {
  switch (said.kind) {
    case 'token': {
      const { id, by, gap, computeMs, travelMs } = said
      return {
        ...asking,
        tokens: [...asking.tokens, { id, by, gap }],
        computeMs: asking.computeMs + computeMs,
        travelMs: asking.travelMs + travelMs,
      }
    }
    case 'retract':
      return { ...asking, tokens: asking.tokens.slice(0, Math.max(0, said.from - asking.promptLength)) }
    case 'note':
      return noted(asking, said.note)
  }
}

function noted(asking: Asking, note: Note): Asking {
  switch (note.kind) {
    case 'stages':
      return { ...asking, stages: note.stages }
    case 'weights':
      return { ...asking, weights: note.members }
    case 'lost':
    case 'recovered':
    case 'liar':
    case 'checked':
    case 'shipped':
      return {
        ...asking,
        incidents: [...asking.incidents, { ...note, after: asking.tokens.length }].slice(-100),
      }
  }
}

export const recoveriesOf = ({ incidents }: Asking): number =>
  incidents.filter(({ kind }) => kind === 'lost').length

/** Tokens that were read again because somebody was lost. */
export const replayedIn = ({ incidents }: Asking): number =>
  incidents.reduce((sum, one) => sum + (one.kind === 'recovered' ? one.replayedTokens : 0), 0)
