import { expect, it } from 'vitest'
import { openingSettings } from './presets'

const of = (search: string) => openingSettings(new URL(`http://localhost/${search}`))

it('a federation is opened with what the address says, and with the first example for the rest', () => {
  const facts = of('')
  expect(facts).toMatchObject({ preset: 'facts', role: 'coordinator' })
  expect(of('?scheme=clustered&rounds=3')).toMatchObject({
    preset: 'facts',
    scheme: 'clustered',
    rounds: 3,
    lr: facts.lr,
  })
  expect(of('?preset=quick')).toMatchObject({ preset: 'quick', role: 'coordinator' })
  expect(of('?scheme=nonsense').scheme).toBe(facts.scheme)
})
