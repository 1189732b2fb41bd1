import { describe, expect, it } from 'vitest'
import type { CorpusName } from '../corpora/share'
import type { DeviceView, NodeState } from '../node/state'
import { blankDevice } from '../node/tab/tab'
import { defaultSettings } from '../settings/reading'
import { hasFacts } from './facts'

const reader = (corpus: CorpusName | null, examples = 16): DeviceView => ({
  ...blankDevice(`reader of ${corpus}`, 'device', 'Otter'),
  corpus,
  examples,
})
const room = (corpus: NodeState['settings']['corpus'], ...devices: DeviceView[]) => ({
  devices,
  baseRecall: null,
  settings: { ...defaultSettings, corpus },
})

describe('a room has facts', () => {
  it('where somebody holds some, whatever was said when it was opened', () => {
    expect(hasFacts(room('facts', reader('facts'), reader('facts')))).toBe(true)
    expect(hasFacts(room('kitchen', reader('kitchen'), reader('mixed')))).toBe(true)
  })

  it('but not where everybody reads something else', () => {
    expect(hasFacts(room('kitchen', reader('kitchen')))).toBe(false)
    expect(hasFacts(room('facts', reader('kitchen'), reader(null)))).toBe(false)
    expect(hasFacts(room(null, reader('kitchen')))).toBe(false)
  })

  it('as long as nobody reads yet, if it offers them, which it does where nothing is said', () => {
    expect(hasFacts(room(null))).toBe(true)
    expect(hasFacts(room('facts', reader(null, 0)))).toBe(true)
    expect(hasFacts(room('own'))).toBe(false)
  })

  it('if they were asked about before', () => {
    expect(hasFacts({ ...room('kitchen', reader('kitchen')), baseRecall: 0.02 })).toBe(true)
  })
})
