/** What an answer's notes add up to: how many guesses were right, how much was asked of others, how many layers were run. */
import type { Said } from './mode'

export interface Account {
  readonly tokens: number
  /** Times that an edge judged. */
  readonly rounds: number
  readonly accepted: number
  /** Guesses that were judged: those after the first wrong one were not. */
  readonly tried: number
  readonly hedges: number
  readonly handovers: number
  /** Of an ensemble, or of views: answers heard, and times they were asked for. */
  readonly responders: number
  readonly questions: number
  readonly layersRun: number
  readonly layersOfWhole: number
}

export const emptyAccount: Account = {
  tokens: 0,
  rounds: 0,
  accepted: 0,
  tried: 0,
  hedges: 0,
  handovers: 0,
  responders: 0,
  questions: 0,
  layersRun: 0,
  layersOfWhole: 0,
}

export function counted(account: Account, said: Said): Account {
  if (said.kind === 'token') return { ...account, tokens: account.tokens + 1 }
  if (said.kind === 'retract') return account
  const { note } = said
  switch (note.kind) {
    case 'judged':
      return {
        ...account,
        rounds: account.rounds + 1,
        accepted: account.accepted + note.accepted,
        tried: account.tried + Math.min(note.drafted, note.accepted + 1),
        hedges: account.hedges + Number(note.isHedged),
      }
    case 'handover':
      return { ...account, handovers: account.handovers + 1 }
    case 'weights':
      return {
        ...account,
        questions: account.questions + 1,
        responders: account.responders + note.members.filter(({ answered }) => answered).length,
      }
    case 'depth':
      return {
        ...account,
        layersRun: account.layersRun + note.layers,
        layersOfWhole: account.layersOfWhole + note.of,
      }
    case 'views':
      return {
        ...account,
        questions: account.questions + 1,
        responders: account.responders + note.gains.filter(({ nats }) => nats !== null).length,
      }
    case 'gathered':
    case 'mode':
    case 'contradiction':
    case 'unseen':
    case 'stages':
    case 'lost':
    case 'recovered':
    case 'liar':
    case 'checked':
    case 'shipped':
    case 'threshold':
      return account
  }
}

/** What does not apply to a mode is null. */
export interface Shares {
  readonly tokensPerRound: number | null
  /** Of the guesses that were judged. */
  readonly acceptance: number | null
  /** Share of tokens for which an edge was asked. */
  readonly offload: number | null
  /** Members of an ensemble, or tabs with views, that answered, at the mean. */
  readonly responders: number | null
  /** Share of layers that were not run. */
  readonly layersSaved: number | null
}

export function sharesOf(account: Account): Shares {
  const { tokens, rounds, accepted, tried, responders, questions, layersRun, layersOfWhole } = account
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null)
  return {
    tokensPerRound: share(tokens, rounds),
    acceptance: share(accepted, tried),
    offload: rounds > 0 ? share(rounds, tokens) : null,
    responders: share(responders, questions),
    layersSaved: layersOfWhole > 0 ? 1 - layersRun / layersOfWhole : null,
  }
}
