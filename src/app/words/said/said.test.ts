import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { manifestComplaint } from '../../../federation/aggregation/check'
import { aggregations } from '../../../federation/aggregation/registry'
import type { RobustChain } from '../../../federation/aggregation/robust/chain'
import { robustly } from '../../../federation/aggregation/robust/estimate'
import { fedit } from '../../../federation/aggregation/rules/fedit'
import { incompatibility } from '../../../federation/compatibility'
import { afterRound, afterVoid, type Control, obey } from '../../../federation/control'
import { rejection } from '../../../federation/rounds/gate'
import { schemes } from '../../../federation/schemes/registry'
import { sentence } from '../../../lib/sentence'
import { problem } from '../../../network/problems'
import { damageOf } from '../../../node/stored/records'
import { defaultSettings } from '../../../settings/reading'
import { values } from './de-values'
import { engineSentences, inGerman } from './german'
import { sayingIn } from './said'

/** Words that hardly any English sentence does without, and no German one has. */
const english = /\b(the|this|are|of|and|with|cannot|has)\b/i

describe('what the engine says', () => {
  it('is said again with the same values, in another language', () => {
    const say = sayingIn([
      ['All {rounds} rounds are done.', 'Alle {rounds} Runden sind durch.'],
      ['{why} Look at it.', '{why} Sieh hin.'],
    ])
    expect(say('All 10 rounds are done.')).toBe('Alle 10 Runden sind durch.')
    expect(say('All 10 rounds are done. Look at it.')).toBe('Alle 10 Runden sind durch. Sieh hin.')
    expect(say('Nobody knows this. Look at it.')).toBe('Nobody knows this. Sieh hin.')
    expect(say('Something else entirely')).toBe('Something else entirely')
  })

  it('is known also as part of another sentence, which then ends once', () => {
    const refused = (complaint: string) =>
      inGerman(sentence(`The update of round 3 was refused: ${complaint}`))
    expect(refused('The compressed update is cut off.')).toBe(
      'Der Beitrag zu Runde 3 wurde abgelehnt: Der komprimierte Beitrag ist abgeschnitten.',
    )
    expect(refused('its loss is no number')).toBe(
      'Der Beitrag zu Runde 3 wurde abgelehnt: sein Verlust ist keine Zahl.',
    )
    expect(refused('Nobody knows this.')).toBe('Der Beitrag zu Runde 3 wurde abgelehnt: Nobody knows this.')
  })

  it('takes signs of patterns for themselves', () => {
    expect(sayingIn([['a+b (c)? {x}', '{x}!']])('a+b (c)? $&')).toBe('$&!')
  })

  it('is known to German where a run ends, pauses or refuses', () => {
    const running = {
      config: { rounds: 10, autostart: null },
      completedRounds: 9,
      control: { kind: 'running' } as Control,
    }
    const done = afterRound(running, 10)[0].control
    expect(done.kind === 'finished' && inGerman(done.why)).toBe('Alle 10 Runden sind durch.')
    const stopped = obey({ kind: 'running' }, 'stop')
    expect(stopped.kind === 'finished' && inGerman(stopped.why)).toBe('Von Hand beendet.')
    const { control } = afterVoid({ ...running }, 3, 'Only 1 of 4 devices answered in time.', 4)
    expect('why' in control && control.why !== null && inGerman(control.why)).toBe(
      'Nur 1 von 4 Geräten haben rechtzeitig geantwortet. Drei Runden nacheinander sind ausgefallen: Sieh nach den Geräten, dann setze fort. Mit mehr Geräten geht es von selbst weiter.',
    )
    const config = { rank: 8, alpha: 16, targets: [] }
    const offered = { config: { ...config, rank: 4 }, baseHash: 'b', dtype: 'float32' }
    const expected = { config, baseHash: 'b', dtype: 'float32' }
    const complaint = manifestComplaint(
      expected as unknown as Parameters<typeof manifestComplaint>[0],
      offered as unknown as Parameters<typeof manifestComplaint>[1],
    )
    expect(inGerman(`The update of round 3 was refused: ${complaint}.`)).toBe(
      'Der Beitrag zu Runde 3 wurde abgelehnt: sein Rang ist 4, und verlangt war 8.',
    )
  })

  it('is known to German wherever settings do not go together', () => {
    const clashes = Object.keys(schemes).flatMap((scheme) =>
      Object.keys(aggregations).flatMap(
        (aggregation) => incompatibility({ ...defaultSettings, scheme, aggregation }) ?? [],
      ),
    )
    expect(clashes.length).toBeGreaterThan(10)
    for (const clash of clashes) {
      const others = /Choose one of .*$/.exec(clash)?.[0]
      expect(inGerman(clash)).not.toContain(others)
      expect(inGerman(`${clash} It was read as fedavg.`)).toMatch(
        /Wähle eines von .* Gelesen wurde es als fedavg\.$/,
      )
    }
  })

  it.each<[RobustChain, string, string]>([
    [['krum', 'krum'], 'synchronous', 'fedavg'],
    [['krum', 'norm-bound'], 'synchronous', 'fedavg'],
    [['krum', 'median'], 'synchronous', 'fedavg'],
    [['krum', 'bucketing'], 'synchronous', 'fedavg'],
    [['gate', 'krum'], 'synchronous', 'fedavg'],
    [['bucketing'], 'synchronous', 'fedavg'],
    [['bucketing', 'neighbour-mixing', 'krum'], 'synchronous', 'fedavg'],
    [['krum'], 'gossip', 'decaf'],
    [['krum'], 'synchronous', 'hetlora'],
    [['krum'], 'synchronous', 'fedsa'],
    [['median'], 'synchronous', 'fedavg'],
  ])(
    'is known to German where robust steps do not go together: %j, %s, %s',
    (robust, scheme, aggregation) => {
      const clash = incompatibility({ robust, scheme, aggregation })!
      expect(inGerman(`${clash} It was read as norm-bound.`)).not.toMatch(english)
    },
  )

  it('is known to German where robust rules could not do what they should', () => {
    const one = {
      start: { config: { rank: 1, alpha: 1, targets: [] }, tensors: new Map() },
      delta: new Map(),
    }
    const merged = (count: number, chain: RobustChain, liars: number) =>
      robustly(
        fedit,
        Array.from({ length: count }, (_, at) => ({ ...one, device: `${at}`, weight: 1 })),
        1,
        { chain, liars, seed: 1 },
      )
    const weakened = [
      merged(1, ['krum'], 0),
      merged(2, ['krum'], 0),
      merged(4, ['krum'], 0.4),
      merged(4, ['bucketing', 'geometric-median'], 0.4),
    ].map((robust) => robust.weakened!)
    const complaints = [merged(5, ['krum'], 0), merged(5, ['multi-krum'], 0.2)].map(
      ({ leftOut }) => `The update of round 3 was refused: ${leftOut[0].complaint}.`,
    )
    const rejected = `Round 3: ${rejection([{ before: 1, after: 2 }], 1)}`
    for (const said of [...weakened, ...complaints, rejected]) expect(inGerman(said)).not.toMatch(english)
  })

  it.each([
    'room-not-found',
    'room-of-equals',
    'room-taken',
    'wrong-secret',
    'knock-refused',
    'server-unreachable',
    'peer-unreachable',
    'insecure-context',
    'bad-frame',
    'other-version',
    'room-full',
    'key-taken',
    'too-much',
    'unreadable',
    'sent-away',
    'shut-out',
    'locked',
    'same-code',
    'succeeded',
  ] as const)('is known to German where the network disappoints: %s', (code) => {
    expect(inGerman(problem(code, true).message)).not.toMatch(english)
  })
})

describe('the German sentences', () => {
  it('know several damaged parts at once', () => {
    const said = inGerman(damageOf('the log from event 3 of 9 on, an adapter, some measured rounds'))
    expect(said).toContain('(das Protokoll ab Ereignis 3 von 9, ein Adapter, einige gemessene Runden)')
    expect(said).not.toMatch(english)
  })

  /** All that rooms below the page may say, with every value in it as `{}`. */
  const source = [
    'corpora',
    'federation',
    'kernels',
    'lab',
    'lib',
    'model',
    'network',
    'node',
    'reasoning',
    'settings',
    'training',
  ]
    .flatMap((room) => filesIn(join(import.meta.dirname, '../../../', room)))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .replaceAll("\\'", "'")

  /** What is said of values is made of parts, and tried on values (values.test.ts). */
  const whole = engineSentences.filter((sentence) => !values.includes(sentence))

  it.each(whole.map(([said]) => said))('answer something that is still said: %s', (said) => {
    const pieces = said
      .split(/\{\w+\}|(?<=[.:,]) /)
      .map((piece) => piece.replace(/^[”“:,.()[\] ]+|[”“:,.()[\] ]+$/g, ''))
    expect(pieces.filter((piece) => !source.includes(piece))).toEqual([])
  })

  it('name no value that the English one does not have, and leave none out', () => {
    const valuesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    for (const [said, german] of engineSentences) expect(valuesIn(german)).toEqual(valuesIn(said))
  })
})

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(directory, name))
}
