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
  expect(readiness({ devices })).toEqual({ here: 1, withText: 1, ready: false })
  expect(readiness({ devices: [...devices, tab('f', 'edge', 16)] })).toMatchObject({ here: 2, ready: true })
})
