/**
 * Alone: one tab holds the whole model and says everything itself. The yardstick of all other modes: those that are lossless say
 * the same, and how many tokens a second they lose to it is what working together costs.
 */
import { drawAt } from '../../model/sampling'
import { wholeStretch } from '../../model/stretch'
import { choicesOf } from '../../training/session'
import { windowStart } from '../core/window'
import type { Mode } from '../mode'
import { openReader } from '../reader'

export const alone: Mode = {
  name: 'alone',
  isLossless: true,
  others: 'unneeded',
  lacks: (_, { self }) =>
    self.mostLayers < self.facts.layers
      ? `This tab may hold ${self.mostLayers} of the model’s ${self.facts.layers} layers. Ask with mode=pipeline, so that other tabs hold the rest.`
      : null,
  open({ self, sessions, links }, _, { adapter }) {
    const { capacity } = self.facts
    const reader = openReader(sessions, adapter?.bytes ?? null, wholeStretch(self.facts))
    return {
      async *next({ text, promptLength, question }) {
        const window = text.slice(windowStart(text.length, promptLength, capacity))
        const ahead = question.tokens - (text.length - promptLength) - 1
        const wanted = { kind: 'choices', draw: drawAt(question, text.length), ahead } as const
        const passed = await reader.read(window, wanted)
        const [{ id, gap }] = choicesOf(passed)
        yield { kind: 'token', id, gap, by: links.self, computeMs: passed.milliseconds, travelMs: 0 }
      },
      rest() {},
      close: () => reader.close(),
    }
  },
}
