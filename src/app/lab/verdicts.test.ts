import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../lab/lessons'
import type { LabPresetName } from '../../lab/presets'
import type { PresetOutcome } from '../../lab/runPreset'
import { decimal } from '../format'
import { de } from '../words/de'
import { en } from '../words/en'
import { inWords } from './figures/VerdictLine'
import { besideOf, type LabSettings, presetSettings } from './labSettings'
import type { LabRun } from './runs'
import { verdictIn } from './verdicts'

const run = (settings: LabSettings, loss: number, change: Partial<LabRun> = {}): LabRun => ({
  id: 0,
  settings,
  state: { kind: 'done' },
  curves: [
    {
      seed: 1,
      lastsSeconds: null,
      clusters: [],
      terms: [],
      points: [
        { round: 1, version: 1, seconds: 10, bytes: 2, wanBytes: 1, loss: (4 + loss) / 2 },
        { round: 2, version: 2, seconds: 20, bytes: 4, wanBytes: 2, loss },
      ],
      outcome: {
        loss,
        bytes: { wan: 1e6 * loss, lan: 0 },
        yardsticks: { base: 4, alone: 3, centralised: 2 },
        clusters: { count: 4, ari: 1 },
      } as PresetOutcome,
    },
  ],
  ...change,
})
const own = (question: LabPresetName) => presetSettings(question)
const beside = (question: LabPresetName) => besideOf(own(question))!

describe('the verdict of runs', () => {
  it('waits for both arms, whichever of them was asked for first', () => {
    const question = 'edges-save-the-uplink'
    expect(verdictIn([run(own(question), 2)], question)).toBeNull()
    const arms = [run(own(question), 2), run(beside(question), 3)]
    const expected = { kind: 'uplink', bytes: 2e6, flatBytes: 3e6, loss: 2, flatLoss: 3 }
    expect(verdictIn(arms, question)).toEqual(expected)
    expect(verdictIn(arms.toReversed(), question)).toEqual(expected)
  })

  it('leaves out runs of other questions, other worlds, and those that did not end', () => {
    const question = 'stragglers'
    const elsewhere = run({ ...beside(question), seeds: '7' }, 3)
    const stopped = run(beside(question), 3, { state: { kind: 'stopped' } })
    expect(verdictIn([run(own(question), 2), elsewhere, stopped], question)).toBeNull()
    expect(verdictIn([run(own('iid'), 2.5)], question)).toBeNull()
    expect(verdictIn([run(own('iid'), 2.5)], 'iid')).toMatchObject({ kind: 'averaging', share: 0.5 })
  })

  it('compares courses from the base on', () => {
    const question = 'stragglers'
    const arms = [run(own(question), 2), run(beside(question), 3)]
    expect(verdictIn(arms, question)).toEqual({ kind: 'waiting', loss: 3, withoutWaiting: 10, waiting: 20 })
  })
})

describe('a verdict in words', () => {
  const said: readonly (readonly [Verdict, RegExp, RegExp])[] = [
    [
      { kind: 'averaging', loss: 2.1, alone: 3, centralised: 2, share: 0.9 },
      /^Averaging works: .* 2\.100, alone 3\.000, .* 2\.000\. It goes 90% /,
      /^Mitteln hilft: .* 2,100, allein 3,000, .* 2,000\. Das sind 90\s% /,
    ],
    [
      { kind: 'averaging', loss: 3.1, alone: 3, centralised: 2, share: -0.1 },
      /does not pay/,
      /lohnt sich hier nicht/,
    ],
    [
      { kind: 'clusters', own: 2, common: 2.4, clusters: { count: 4, ari: 1 } },
      /wins: 2\.000 .* 4 clusters .* 1\.00\./,
      /gewinnt: 2,000/,
    ],
    [
      { kind: 'clusters', own: 2.4, common: 2.4, clusters: null },
      /One adapter is enough/,
      /Ein Adapter reicht/,
    ],
    [{ kind: 'clusters', own: 2.4, common: 2, clusters: null }, /for all wins/, /für alle gewinnt/],
    [
      { kind: 'waiting', loss: 2, withoutWaiting: 600, waiting: 1800 },
      /2\.000 was there after 10 min, and after 30 min .* 3\.0 times/,
      /nach 10 Min\. da, und nach 30 Min\..* 3,0-mal/,
    ],
    [{ kind: 'waiting', loss: 2, withoutWaiting: 1800, waiting: 600 }, /^Waiting pays/, /^Warten lohnt/],
    [
      { kind: 'uplink', bytes: 3e6, flatBytes: 12e6, loss: 2.1, flatLoss: 2 },
      /save 75% .* 3 MB .* 12 MB, .* 2\.100 against 2\.000/,
      /sparen 75\s% .* 2,100 gegen 2,000/,
    ],
    [
      { kind: 'uplink', bytes: 12e6, flatBytes: 3e6, loss: 2, flatLoss: 2 },
      /save nothing/,
      /sparen hier nichts/,
    ],
    [
      { kind: 'doubt', loss: 2, trusting: 2.4, base: 3 },
      /pays: .* 2\.000, .* 2\.400/,
      /lohnt sich: .* 2,000/,
    ],
    [{ kind: 'doubt', loss: 2.4, trusting: 2, base: 3 }, /does not pay/, /lohnt sich hier nicht/],
    [
      { kind: 'masks', bytes: 11e6, plainBytes: 10e6, loss: 2, plainLoss: 2 },
      /cost \+10% bytes \(11 MB/,
      /kosten \+10\s% Bytes \(11 MB/,
    ],
    [{ kind: 'leaderless', loss: 2, led: 2, share: 1 }, /gets there too/, /geht es auch/],
    [{ kind: 'leaderless', loss: 2.2, led: 2, share: 0.9 }, /comes 90% of the way/, /90\s% des Weges/],
  ]

  it.each(said)('says what the numbers say, also where the lesson fails: %j', (verdict, english, german) => {
    expect(inWords(en, verdict, (loss) => decimal(loss, 3, 'en'))).toMatch(english)
    expect(inWords(de, verdict, (loss) => decimal(loss, 3, 'de'))).toMatch(german)
  })
})
