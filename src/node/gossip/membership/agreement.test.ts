import { describe, expect, it } from 'vitest'
import { commonOf, isSameAgreement, settledIn } from '../../../settings/ownership'
import { defaultSettings } from '../../../settings/reading'
import type { Settings } from '../../../settings/table'
import { agreementComplaint, outranks } from './agreement'

const settings = (change: Partial<Settings> = {}): Settings => ({
  ...defaultSettings,
  scheme: 'gossip',
  aggregation: 'decaf',
  ...change,
})

describe('what stands of two agreements', () => {
  const agreement = { stamp: 0, openedAtMs: 5, by: 'm' }

  it('is what was changed last, else what the first brought along; all decide alike', () => {
    const others = [
      { ...agreement, stamp: 1, openedAtMs: 9, by: 'z' },
      { ...agreement, openedAtMs: 4, by: 'z' },
      { ...agreement, by: 'a' },
    ]
    for (const other of others)
      expect([outranks(other, agreement), outranks(agreement, other)]).toEqual([true, false])
    expect(outranks(agreement, agreement), 'nobody outranks itself').toBe(false)
  })
})

describe('the room’s settings in one tab', () => {
  const room = settings({
    rank: 4,
    rounds: 30,
    name: 'Otter',
    lang: 'de',
    backend: 'wasm',
    corpus: 'kitchen',
  })

  it('are the room’s, but for what is the tab’s own business', () => {
    const own = settings({ rank: 8, name: 'Wren', lang: 'en', backend: 'cpu', slow: 3 })
    expect(settledIn(room, own)).toMatchObject({
      rank: 4,
      rounds: 30,
      corpus: 'kitchen',
      name: 'Wren',
      lang: 'en',
      backend: 'cpu',
      slow: 3,
    })
    expect(settledIn(room, settings({ corpus: 'own' })).corpus, 'a person’s own text stays').toBe('own')
  })

  it('travel without anybody’s own business, and are compared without it', () => {
    const common = commonOf(room)
    expect(common).toMatchObject({ rank: 4, corpus: 'kitchen', name: defaultSettings.name })
    expect(JSON.stringify(common)).not.toContain('Otter')
    expect(isSameAgreement(room, { ...room, name: 'Wren', slow: 7 })).toBe(true)
    expect(isSameAgreement(room, { ...room, rank: 8 })).toBe(false)
  })
})

describe('a tab whose address says other things than the room', () => {
  it('is told which of them cannot be mixed', () => {
    const complaint = agreementComplaint(settings({ rank: 2, topology: 'ring' }), settings({ rank: 4 }))
    expect(complaint).toMatch(/topology=ring, rank=2.*topology=full, rank=4.*cannot be mixed/)
  })

  it('takes part where it only says what all may do differently, or nothing', () => {
    expect(agreementComplaint(settings(), settings({ rank: 4, topology: 'ring', seed: 9 }))).toBeNull()
    expect(agreementComplaint(settings({ rounds: 3, lr: 1 }), settings({ rounds: 30 }))).toBeNull()
  })
})
