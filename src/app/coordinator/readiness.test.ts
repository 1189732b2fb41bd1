import { expect, it } from 'vitest'
import { blankDevice } from '../../node/tab/tab'
import { readiness } from './readiness'

const tab = (key: string, role: 'coordinator' | 'edge' | 'device', examples: number) => ({
  ...blankDevice(key, role, key),
  examples,
  activity: 'idle' as const,
})

it('a run can begin with two that hold text, an edge among them; one that only merges is none of them', () => {
  const devices = [tab('c', 'coordinator', 0), tab('a', 'device', 16), tab('e', 'edge', 0)]
  const settings = { secure: false }
  expect(readiness({ devices, settings })).toEqual({ here: 1, withText: 1, fewest: 2, ready: false })
  const two = [...devices, tab('f', 'edge', 16)]
  expect(readiness({ devices: two, settings })).toMatchObject({ here: 2, ready: true })
})

it('where they are to hide in a sum, with three', () => {
  const settings = { secure: true }
  const two = [tab('a', 'device', 16), tab('b', 'device', 16)]
  expect(readiness({ devices: two, settings })).toMatchObject({ fewest: 3, ready: false })
  expect(readiness({ devices: [...two, tab('d', 'device', 4)], settings })).toMatchObject({ ready: true })
})
