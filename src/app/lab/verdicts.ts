/** What the newest two arms of a question come to, from runs as the page holds them. */
import { type Arm, type Verdict, verdictOf } from '../../lab/lessons'
import type { LabPresetName } from '../../lab/presets'
import { meanOf, over } from './figures/curves'
import { besideOf, isBeside, labSearch } from './labSettings'
import type { LabRun } from './runs'

/** Null: nothing of it has run to its end yet. */
export function verdictIn(runs: readonly LabRun[], question: LabPresetName): Verdict | null {
  const done = runs.filter(({ settings, state }) => settings.question === question && state.kind === 'done')
  for (const run of done.toReversed()) {
    const besideSettings = besideOf(run.settings)
    if (!besideSettings) return verdictFrom(question, run, null)
    const beside = done.findLast(({ settings }) => labSearch(settings) === labSearch(besideSettings))
    if (!beside) continue
    // Whichever was asked for: the question is about the other than the usual scheme.
    return isBeside(run.settings) ? verdictFrom(question, beside, run) : verdictFrom(question, run, beside)
  }
  return null
}

function verdictFrom(question: LabPresetName, own: LabRun, beside: LabRun | null): Verdict | null {
  const [arm, other] = [armOf(own), beside && armOf(beside)]
  return arm && verdictOf(question, arm, other)
}

function armOf(run: LabRun): Arm | null {
  const mean = (of: Parameters<typeof over>[1]) => over(run, of)?.mean ?? null
  const loss = mean((outcome) => outcome.loss)
  const base = mean(({ yardsticks }) => yardsticks.base)
  const { x, y } = meanOf(run.curves, 'seconds').trace
  if (loss === null || base === null) return null
  return {
    loss,
    base,
    alone: mean(({ yardsticks }) => yardsticks.alone),
    centralised: mean(({ yardsticks }) => yardsticks.centralised),
    wanBytes: mean(({ bytes }) => bytes.wan) ?? 0,
    clusters: run.curves.findLast(({ outcome }) => outcome?.clusters)?.outcome?.clusters ?? null,
    course: x.flatMap((seconds, at) => {
      const value = y[at]
      return value === null ? [] : [{ seconds, loss: value }]
    }),
  }
}
