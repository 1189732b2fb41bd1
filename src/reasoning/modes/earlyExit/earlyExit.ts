/**
 * Early exit: one tab by itself, which stops after the first layers wherever their choice is sure. A sure word costs half of an
 * unsure one. Lossy: how much a threshold saves and what it costs in perplexity is measured (docs/reasoning.md).
 */
import { drawAt } from '../../../model/sampling'
import { choicesOf } from '../../../training/session'
import { windowStart } from '../../core/window'
import type { Mode } from '../../mode'
import { alone } from '../alone'
import { openExits } from './exits'

/** A third of the layers saved for one per cent of perplexity, on `seedling` (docs/reasoning.md). */
export const usualExitDoubt = 0.5

export const earlyExit: Mode = {
  name: 'early-exit',
  isLossless: false,
  others: 'unneeded',
  lacks: alone.lacks,
  open(ports, _, { adapter }) {
    const { capacity, layers: of } = ports.self.facts
    const exits = openExits(ports, adapter?.bytes ?? null)
    return {
      async *next({ text, promptLength, question }) {
        const window = text.slice(windowStart(text.length, promptLength, capacity))
        const draw = drawAt(question, text.length)
        const wanted = { kind: 'choices', draw } as const
        const least = question.doubt ?? usualExitDoubt
        const { passed, layers, milliseconds } = await exits.read(window, wanted, draw, least)
        const [{ id, gap }] = choicesOf(passed)
        yield { kind: 'note', note: { kind: 'depth', layers, of } }
        yield { kind: 'token', id, gap, by: ports.links.self, computeMs: milliseconds, travelMs: 0 }
      },
      rest() {},
      close: () => exits.close(),
    }
  },
}
