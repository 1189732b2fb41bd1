import { describe, expect, it } from 'vitest'
import { de } from '../words/de'
import { en } from '../words/en'
import { progressOf } from './progress'

const point = { round: 12, version: 31, seconds: 725, bytes: 0, wanBytes: 0, loss: 2 }
const curve = { seed: 3, points: [point], lastsSeconds: null }

describe('a run of the Lab says how far it has come, and of how much', () => {
  it('in rounds where it runs so many of them', () => {
    expect(progressOf(en, curve, 50)).toBe('Seed 3: round 12 of 50')
    expect(progressOf(de, curve, 50)).toBe('Startwert 3: Runde 12 von 50')
  })

  it('in virtual time where it runs for as long as others need', () => {
    const free = { ...curve, lastsSeconds: 2400 }
    expect(progressOf(en, free, 1000)).toBe('Seed 3: 12 min 5 sec of 40 min of virtual time, version 31')
    expect(progressOf(de, free, 1000)).toBe(
      'Startwert 3: 12 Min. 5 Sek. von 40 Min. virtueller Zeit, Version 31',
    )
  })

  it('and that it begins, before anything is measured', () => {
    expect(progressOf(en, { ...curve, points: [] }, 50)).toBe('Seed 3: opening the model')
  })
})
