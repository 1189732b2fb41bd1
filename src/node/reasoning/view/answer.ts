/** An answer as it grows: what is shown of it after each thing that its mode says. Pure. */
import { counted, emptyAccount } from '../../../reasoning/account'
import type { ModeName, Note, Said } from '../../../reasoning/mode'
import { isJudged } from '../modes'
import { inPieces } from './pieces'
import type { Asking, Happening, Incident } from './view'

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
