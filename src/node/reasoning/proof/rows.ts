/**
 * The five rows of a proof: one prompt, one seed, and five ways to make the text of which each should say the same. What each asks
 * for, which tab it closes in mid-sentence, and what it needs of the room. Pure.
 */
import type { ModeName } from '../../../reasoning/mode'
import type { Other } from '../../../reasoning/participant'
import { usualWish } from '../../../reasoning/usual'
import type { Asking } from '../view/view'

export const rowNames = ['alone', 'split', 'closed', 'judged', 'switched'] as const
export type RowName = (typeof rowNames)[number]

interface RowPlan {
  readonly mode: Extract<ModeName, 'alone' | 'pipeline' | 'speculative'>
  /** What the tab does that is closed in mid-sentence; null: none is. */
  readonly closes: 'layers' | 'judging' | null
}

export const plans: Readonly<Record<RowName, RowPlan>> = {
  alone: { mode: 'alone', closes: null },
  split: { mode: 'pipeline', closes: null },
  closed: { mode: 'pipeline', closes: 'layers' },
  judged: { mode: 'speculative', closes: null },
  switched: { mode: 'speculative', closes: 'judging' },
}

/** What is known of the room as a row begins. */
export interface Surroundings {
  readonly self: string
  readonly layers: number
  /** This tab may hold so many of them. */
  readonly mostLayers: number
  readonly fingerprint: string
  /** Those who hold the adapter that this tab asks with. */
  readonly others: readonly Other[]
  /** Tabs of the room that are not among them yet: they still load the model, or that adapter. */
  readonly arriving: number
  /** Why a mode cannot be had, in plain words; null where it can. */
  readonly lacks: (mode: ModeName) => string | null
}

/** Who may close another tab's part for a moment: whoever coordinates. */
export type MayClose = 'yes' | 'coordinator-only' | 'nobody'

/** Why a row proves nothing. */
export type WhyUnproven =
  /** In plain words, as a mode says it. */
  | { readonly kind: 'lacking' | 'broke'; readonly why: string }
  | { readonly kind: 'unspread' | 'learned' | 'stopped' }
  /** So many others are there that could, so many are needed. */
  | { readonly kind: 'tabs' | 'judges'; readonly there: number; readonly needed: number }
  | { readonly kind: Exclude<MayClose, 'yes'> }
  /** Of so many tokens none is in the middle. */
  | { readonly kind: 'short'; readonly tokens: number }
  /** It was asked to close, and stayed: its browser would have lost its part. */
  | { readonly kind: 'stays'; readonly peer: string }
  /** The text was over before anybody missed it. */
  | { readonly kind: 'unmissed'; readonly peer: string }

/** Over so many tabs a model of so many layers can be split, this one included, which then may keep the words alone. */
export const mostSpread = (layers: number): number => Math.min(usualWish.stages, layers + 1)

/** Why a row cannot run now; null where it can. */
export function whyNot(
  name: RowName,
  { layers, others, lacks }: Surroundings,
  mayClose: MayClose,
): WhyUnproven | null {
  const { mode, closes } = plans[name]
  const spread = mostSpread(layers) - 1
  if (closes && mayClose !== 'yes') return { kind: mayClose }
  const lend = others.filter(({ mostLayers }) => mostLayers > 0).length
  if (mode === 'pipeline' && lend < spread) return { kind: 'tabs', there: lend, needed: spread }
  const judge = others.filter(({ mostLayers }) => mostLayers >= layers).length
  const needed = closes === 'judging' ? 2 : 1
  if (mode === 'speculative' && judge < needed) return { kind: 'judges', there: judge, needed }
  const why = lacks(mode)
  return why === null ? null : { kind: 'lacking', why }
}

/** In a text of so many tokens the tab is closed after so many: a third. Null: it is too short for that. */
export const closesAfter = (tokens: number): number | null => (tokens < 3 ? null : Math.floor(tokens / 3))

/** Whom a row closes: whoever holds the last layers, or judged last. Null: that is nobody else. */
export function whomToClose(closes: 'layers' | 'judging', asking: Asking, self: string): string | null {
  const ids =
    closes === 'layers' ? asking.stages.map(({ id }) => id) : asking.judged.slice(-1).map(({ by }) => by)
  return ids.findLast((id) => id !== self) ?? null
}

/** All tabs, this one included, through whose layers a text has gone so far. */
export const spreadOf = ({ stages }: Asking, self: string): number =>
  new Set([self, ...stages.map(({ id }) => id)]).size
