/** The lint that keeps a node's time and chance in its `World`, tried on files that break it. */
import { describe, expect, it } from 'vitest'
import { refused } from './testing'

const foreign = [
  'export const now = () => Date.now()',
  'export const now = () => new Date()',
  'export const now = () => performance.now()',
  'export const later = (act: () => void) => setTimeout(act, 1)',
  'export const again = (act: () => void) => setInterval(act, 1)',
  'export const soon = (act: () => void) => queueMicrotask(act)',
  'export const chance = () => Math.random()',
  'export const chance = () => crypto.getRandomValues(new Uint8Array(8))',
  'export const key = () => crypto.subtle',
  'export const key = () => globalThis.crypto.randomUUID()',
]

describe('time and chance of one’s own', () => {
  it.each(['src/node/device', 'src/network/letters', 'src/federation/schemes', 'src/reasoning/modes'])(
    'are refused in %s',
    (folder) => {
      expect(
        refused(folder, [...foreign, 'export const now = (clock: { now(): number }) => clock.now()']),
      ).toEqual(foreign)
    },
  )

  it.each(['src/network/time', 'src/app', 'src/network/fixtures'])('are allowed in %s', (folder) => {
    expect(refused(folder, foreign)).toEqual([])
  })
})
