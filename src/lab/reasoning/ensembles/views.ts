/**
 * How well views are brought together, on text: a story is cut in three, and what its last part is like is told by tabs of which one
 * has read the part before it, one the beginning, and one a part of another story. In nats a token of the last part, after so many
 * words of it that stand for the question.
 */
import { ln } from '../../../lib/portable'
import { distributionOf, logProbabilityIn, type Masses } from '../../../model/masses'
import { wholeStretch } from '../../../model/stretch'
import { contradictionIn, fused, weightOfView } from '../../../reasoning/core/laws/fusion'
import { toldTokens } from '../../../reasoning/modes/ensemble/opinion'
import { leastContradiction } from '../../../reasoning/modes/fusion/fusion'
import { openReader } from '../../../reasoning/reader'
import { massesIn, type Sessions } from '../../../training/session'

export type ViewName = 'before' | 'beginning' | 'foreign'
const viewNames: readonly ViewName[] = ['before', 'beginning', 'foreign']

/** How much each view counts: all the same, or as far as it bears on the question. */
export type Weighing = number | 'bearing'

export interface Scene {
  readonly views: readonly ViewName[]
  readonly weighing: Weighing
}

export interface ViewsMeasured {
  readonly tokens: number
  /** Without any view. */
  readonly blind: number
  /** Of each scene, in nats a token. */
  readonly losses: readonly number[]
  /** Share of tokens at which two of the views contradict each other. */
  readonly contradicted: number
}

const questionTokens = 12
const mostTokens = 60

/** @param texts as ids */
export async function viewsOn(
  sessions: Sessions,
  texts: readonly (readonly number[])[],
  scenes: readonly Scene[],
): Promise<ViewsMeasured> {
  const facts = await sessions.facts()
  const { vocabulary } = facts
  const long = texts.filter(({ length }) => length >= 60)
  let tokens = 0
  let blind = 0
  let contradicted = 0
  const losses = scenes.map(() => 0)

  async function readWith(view: readonly number[], text: readonly number[]): Promise<readonly Masses[]> {
    const reader = openReader(sessions, null, wholeStretch(facts))
    const passed = await reader.read([...view, ...text], { kind: 'masses', top: toldTokens }, view.length)
    reader.close()
    return massesIn(passed)
  }
  const questionIn = (masses: readonly Masses[], text: readonly number[]): number =>
    masses
      .slice(0, questionTokens)
      .reduce((sum, row, at) => sum + logProbabilityIn(row, vocabulary, text[at + 1]), 0)

  for (const [index, ids] of long.entries()) {
    const third = Math.floor(ids.length / 3)
    const other = long[(index + 7) % long.length]
    const text = ids.slice(2 * third, 2 * third + mostTokens)
    const read: Readonly<Record<ViewName, readonly number[]>> = {
      before: ids.slice(third, 2 * third),
      beginning: ids.slice(0, third),
      foreign: other.slice(0, third),
    }
    const prior = await readWith([], text)
    const views = new Map<ViewName, { readonly masses: readonly Masses[]; readonly bearing: number }>()
    for (const name of viewNames) {
      const masses = await readWith(read[name], text)
      views.set(name, {
        masses,
        bearing: weightOfView(questionIn(masses, text) - questionIn(prior, text)),
      })
    }
    for (let at = questionTokens; at < text.length - 1; at++) {
      const truth = text[at + 1]
      const before = distributionOf(prior[at], vocabulary)
      const laws = new Map(
        viewNames.map((name) => [name, distributionOf(views.get(name)!.masses[at], vocabulary)]),
      )
      tokens++
      blind -= ln(before[truth])
      for (const [place, scene] of scenes.entries()) {
        const weightOf = (name: ViewName) =>
          scene.weighing === 'bearing' ? views.get(name)!.bearing : scene.weighing
        const together = scene.views.map((name) => ({ law: laws.get(name)!, weight: weightOf(name) }))
        losses[place] -= ln(fused(before, together)[truth])
      }
      const bearing = viewNames.filter((name) => views.get(name)!.bearing > 1 / 2)
      const heard = bearing.map((name) => laws.get(name)!)
      if (contradictionIn(before, heard, leastContradiction)) contradicted++
    }
  }
  return {
    tokens,
    blind: blind / tokens,
    losses: losses.map((loss) => loss / tokens),
    contradicted: contradicted / tokens,
  }
}
