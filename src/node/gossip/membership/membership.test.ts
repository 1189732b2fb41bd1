/** Who passes what on. */
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../network/time/virtual-clock'
import { defaultSettings } from '../../../settings/reading'
import { entry } from '../../fixtures/entry'
import { memoryNetwork } from '../../fixtures/memory-network'
import { mostDrawn } from '../../tab/largeRoom'
import type { FromNeighbour } from '../../wire/neighbourMessages'
import { Membership } from './membership'
import type { Entry } from './roster'

type News = FromNeighbour & { type: 'news' }
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A tab that knows so many others, and what a neighbour hears of it from now on. */
async function tabAmong(count: number) {
  const clock = virtualClock()
  const hub = memoryNetwork()
  const joining = { code: 'TEST', secret: 's', understood: { letters: new Map(), whispers: new Map() } }
  const neighbour = hub.joinEquals({ ...joining, name: 'neighbour', signingKey: hub.keyOf('neighbour') })
  const network = hub.joinEquals({ ...joining, name: 'self', signingKey: hub.keyOf('self') })
  const agreement = {
    settings: { ...defaultSettings, scheme: 'gossip' as const },
    stamp: 0,
    openedAtMs: 1,
    by: 'self',
  }
  const membership = new Membership({
    network,
    clock,
    self: entry('self', { peer: network.self }),
    agreement,
    hasBegun: () => false,
    onRoster() {},
    onAgreement() {},
    onCommand() {},
    onRefused() {},
  })
  const tell = async (...entries: Entry[]) => {
    membership.hear({ type: 'news', entries, agreement, order: null })
    await clock.advance(1_000)
    await turn()
  }
  neighbour.reach('neighbours', neighbour.sighted)
  await turn()
  await tell(...Array.from({ length: count }, (_, at) => entry(`tab ${at}`)))
  const heard: string[][] = []
  neighbour.on('message', (_, message) =>
    heard.push((message as unknown as News).entries.map(({ key }) => key)),
  )
  return { clock, membership, tell, heard }
}

describe('how far somebody is', () => {
  it('passes from neighbour to neighbour in a room that a page draws', async () => {
    const { tell, heard } = await tabAmong(5)
    await tell(entry('tab 3', { stamp: 2, step: 7, activity: 'training' }))
    expect(heard).toEqual([['tab 3']])
  })

  it('is heard by its neighbours only in a large room; who comes, goes or holds other text by everybody', async () => {
    const { clock, membership, tell, heard } = await tabAmong(mostDrawn + 1)
    await tell(entry('tab 3', { stamp: 2, step: 7, activity: 'training' }))
    expect(heard).toEqual([])
    await tell(entry('tab 3', { stamp: 3, examples: 12 }), entry('tab 4', { stamp: 2, isPresent: false }))
    membership.say({ step: 5 })
    await clock.advance(1_000)
    await turn()
    expect(heard).toEqual([['tab 3', 'tab 4'], ['self']])
  })
})
