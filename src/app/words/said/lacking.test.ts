/** Why a way to answer cannot be had, in German: asked of each mode, in rooms that lack something. */
import { describe, expect, it } from 'vitest'
import { readQuestion, readView } from '../../../node/reasoning/wishes'
import { modeNames } from '../../../reasoning/mode'
import type { LosslessMode } from '../../../reasoning/plan/choose'
import { whyIn } from '../../../reasoning/plan/why'
import type { Member, Ports } from '../../../reasoning/ports'
import { modes } from '../../../reasoning/registry'
import { inGerman } from './german'

/** Words that hardly any English sentence does without, and no German one has. */
const english = /\b(the|this|that|it|its|is|are|of|and|with|cannot|has|have|holds|no|not|to)\b/i

const facts = {
  layers: 6,
  width: 4,
  vocabulary: 9,
  capacity: 8,
  modelHash: 'a',
  tokenizerHash: 'a',
  precision: 'float32',
}
const member = (change: object, mostLayers = 6) =>
  ({
    id: 'b',
    name: 'b',
    hello: { facts: { ...facts, ...change }, mostLayers, adapter: null, offersOwn: false },
  }) as unknown as Member
const rooms: Readonly<Record<string, readonly Member[]>> = {
  'of nobody else': [],
  'of weak tabs': [member({}, 2)],
  'of another model': [member({ modelHash: 'b' })],
  'of another precision': [member({ precision: 'int8' })],
}

describe('German knows why a mode cannot be had', () => {
  it.each(Object.entries(rooms))('in a room %s', (_, members) => {
    const whys = modeNames.flatMap((mode) =>
      [0, 2, 6].flatMap((mostLayers) => {
        const ports = {
          self: { facts, mostLayers },
          ownAdapter: () => null,
          view: () => null,
        } as unknown as Ports
        return modes[mode].lacks(members, ports) ?? []
      }),
    )
    expect(whys.length).toBeGreaterThan(6)
    for (const why of whys) expect(inGerman(why), why).not.toMatch(english)
  })

  it('and why a tab works as it does', () => {
    const estimate = (mode: LosslessMode) => ({ mode, millisecondsPerToken: 9.4, ownMs: 3, readingMs: 1 })
    const [alone, split] = [estimate('alone'), estimate('split')]
    const occasions = ['begins', 'came', 'left', 'failed', 'measured', 'strained', 'eased'] as const
    const whys = occasions.flatMap((occasion) =>
      [3, 6].flatMap((layers) =>
        ([null, 'battery', 'hidden'] as const).flatMap((strain) =>
          [[alone], [alone, split], [split, alone]].map((found) =>
            whyIn({ chosen: found[0], found, occasion, strain, holds: { layers, of: 6 } }),
          ),
        ),
      ),
    )
    expect(new Set(whys).size).toBeGreaterThan(25)
    for (const why of whys) {
      expect(inGerman(why), why).not.toMatch(english)
      // One sentence: the page and the command line show it as it is.
      expect(why.match(/[.!?]( |$)/g), why).toHaveLength(1)
    }
  })

  it.each([
    ...[{ draft: 99 }, { risk: 2 }, { doubt: -1 }, { codec: 'gzip' }, { tiers: 4 }, { mode: 'magic' }],
    ...[{ prompt: undefined }, { prompt: {} }, { prompt: '' }, { tokens: -3 }, { temperature: 'x' }],
    ...[{ seed: 0.5 }, { tokenz: 1 }, { draftAdapter: [] }],
  ])('and why %o cannot be asked for', (options) => {
    let why = ''
    try {
      readQuestion({ prompt: 'x', ...options })
    } catch (problem) {
      why = (problem as Error).message
    }
    expect(why).not.toBe('')
    expect(inGerman(why), why).not.toMatch(english)
  })

  it.each([
    [
      () => readQuestion(null),
      'Eine Frage muss ein Objekt sein wie {prompt: "Once upon a time"}, nicht null.',
    ],
    [() => readQuestion({ prompt: 'x', tokens: -3 }), 'tokens: -3 ist keine ganze Zahl von 1 bis 4096.'],
    [() => readView(5), 'Was dieser Tab sieht, muss Text sein, nicht 5. Gib Text an, oder null für nichts.'],
  ])('and says it with the same values: %#', (read, german) => {
    let why = ''
    try {
      read()
    } catch (problem) {
      why = (problem as Error).message
    }
    expect(inGerman(why)).toBe(german)
  })
})
