import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readRun } from './recordedRun'

const shipped = JSON.parse(readFileSync('public/recorded-run.json', 'utf8'))

it('the recorded run that ships is one', () => {
  expect(readRun(shipped)?.history).toHaveLength(shipped.history.length)
})

it.each([
  ['a round that is none', { ...shipped, history: [null] }],
  ['no rounds', { ...shipped, history: [] }],
  ['a device that is none', { ...shipped, devices: [null] }],
  ['a recall that is no share', { ...shipped, history: [{ round: 1, recall: { merged: 92, alone: 0 } }] }],
  ['nothing', null],
])('with %s is no recording', (_, read) => {
  expect(readRun(read)).toBeNull()
})

it('anything is read as a run, or as none', () => {
  const part = fc.constantFrom(...Object.keys(shipped.history[0]))
  fc.assert(
    fc.property(part, fc.jsonValue(), (name, value) => {
      const run = readRun({ ...shipped, history: [{ ...shipped.history[0], [name]: value }] })
      expect(run === null || typeof run.history[0].round === 'number').toBe(true)
    }),
  )
})
