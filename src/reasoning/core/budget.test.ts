import { expect, it } from 'vitest'
import { openLedger } from './budget'

it('whoever asks much is slowed down, and nobody else', () => {
  const ledger = openLedger<string>({ tokens: 100, perSecond: 2 })
  ledger.spend('eager', 100, 0)
  expect(ledger.may('eager', 0)).toBe(false)
  expect(ledger.may('other', 0)).toBe(true)
  expect(ledger.may('eager', 500)).toBe(true)
  expect(ledger.left('eager', 10_000)).toBe(20)
  expect(ledger.left('eager', 1e9)).toBe(100)
})
