import { describe, expect, it } from 'vitest'
import type { Moment } from '../../settings/changing'
import { readSettings } from '../../settings/reading'
import { pageGroups } from '../../settings/setting'
import { shownIn } from './shown'

const read = (search: string) => readSettings(new URL(`http://localhost/?${search}`)).settings
const shown = (search: string, moment: Moment = 'opening') =>
  pageGroups.flatMap((group) => shownIn(group, read(search), moment)).map(({ name }) => name)

describe('a page shows of the settings', () => {
  it('what means something beside the other choices', () => {
    expect(shown('')).not.toContain('bufferSize')
    expect(shown('scheme=asynchronous')).toEqual(expect.arrayContaining(['bufferSize', 'staleness']))
    expect(shown('scheme=asynchronous&asyncMethod=fedasync')).not.toContain('bufferSize')
    expect(shown('allocation=by-speed')).toContain('deadline')
    expect(shown('scheme=gossip&allocation=by-speed')).not.toContain('deadline')
  })

  it('what may be changed now', () => {
    expect(shown('', 'lobby'), 'made when the room was opened').not.toContain('rank')
    expect(shown('', 'run')).toEqual(expect.arrayContaining(['rounds', 'lr', 'scheme']))
    expect(shown('', 'run'), 'tabs have agreed on it').not.toContain('aggregation')
  })

  it('no gossip in a lobby, and no scheme in a room that gossips', () => {
    const scheme = shownIn('scheme', read(''), 'lobby').find(({ name }) => name === 'scheme')
    expect(scheme).toMatchObject({ without: ['gossip'] })
    expect(shown('scheme=gossip', 'lobby')).not.toContain('scheme')
  })
})
