import { describe, expect, it } from 'vitest'
import type { Phase } from '../node/state'
import { doingIn } from './doing'

const finished: Phase = { kind: 'finished', why: 'All 12 rounds are done.' }
const running: Phase = { kind: 'running' }

describe('somebody in a room', () => {
  it('is done where the rounds are over, and does not wait for more', () => {
    for (const role of ['device', 'coordinator'] as const)
      for (const activity of ['idle', 'waiting'] as const)
        expect(doingIn({ phase: finished, stage: null }, { role, activity })).toBe('done')
    expect(doingIn({ phase: running, stage: null }, { role: 'device', activity: 'waiting' })).toBe('waiting')
  })

  it('is shown as it is where it has gone, or still has something to do', () => {
    for (const activity of ['gone', 'suspect', 'sending'] as const)
      expect(doingIn({ phase: finished, stage: null }, { role: 'device', activity })).toBe(activity)
  })

  it('merges where it coordinates, as long as rounds go on', () => {
    expect(doingIn({ phase: running, stage: 'merging' }, { role: 'coordinator', activity: 'idle' })).toBe(
      'merging',
    )
    expect(doingIn({ phase: running, stage: 'merging' }, { role: 'device', activity: 'waiting' })).toBe(
      'waiting',
    )
  })
})
