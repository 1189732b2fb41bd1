import { describe, expect, it } from 'vitest'
import { corpusNames } from '../../corpora/share'
import { holdsFacts, shareFor } from './shares'

describe('facts to ask about', () => {
  it.each(corpusNames)('are in “%s” if it says so', (corpus) => {
    const { probes } = shareFor({ seed: 7, partition: 'iid' }, { corpus, index: 0 })
    expect(holdsFacts(corpus)).toBe(probes.length > 0)
  })

  it('are in nobody’s own text', () => {
    expect(holdsFacts('own')).toBe(false)
    expect(holdsFacts(null)).toBe(false)
  })
})
