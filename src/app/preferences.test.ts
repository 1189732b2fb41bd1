import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readPreferences } from './preferences'

const usual = { language: expect.stringMatching(/^(en|de)$/), theme: 'auto', tourSeen: false, keys: true }

it('preferences are what was stored, part by part, and the usual ones for the rest', () => {
  expect(readPreferences({ language: 'de', theme: 'dark', tourSeen: true, keys: false })).toEqual({
    language: 'de',
    theme: 'dark',
    tourSeen: true,
    keys: false,
  })
  expect(readPreferences({ theme: 'dark', language: 'fr', tourSeen: 1 })).toEqual({ ...usual, theme: 'dark' })
})

it('anything stored gives preferences', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (stored) => {
      expect(Object.keys(readPreferences(stored)).sort()).toEqual(['keys', 'language', 'theme', 'tourSeen'])
    }),
  )
})
