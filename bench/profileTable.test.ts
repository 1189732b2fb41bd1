import { expect, test } from 'vitest'
import { profileTable } from './profileTable'

test('a profile says what a step goes to, and at which rate its products run', () => {
  const rows = [
    { label: 'linear, 1000 x 1000 over 500', groups: [16, 16, 1], dispatches: 4, milliseconds: 8 },
    { label: 'norm', groups: [100, 1, 1], dispatches: 8, milliseconds: 2 },
    { label: 'adam', groups: [1, 1, 1], dispatches: 2, milliseconds: 0.01 },
  ] as const
  const [title, , linear, norm, rest] = profileTable(rows, 2).split('\n')
  expect(title).toContain('5.00 ms a step')
  expect(linear.trim().split(/ {2,}/)).toEqual([
    'linear, 1000 x 1000 over 500',
    '16x16x1',
    '2',
    '2.000',
    '4.00',
    '79.9 %',
    '0.5',
  ])
  expect(norm).toContain('20.0 %')
  expect(rest).toMatch(/^all others +1 +0\.01/)
})
