import { describe, expect, it } from 'vitest'
import { askInRoom, type Kill } from '../room/asking'
import { openReasoningRoom } from '../room/room'
import { microEngine, nearby, someNodes, someWish } from '../room/testing'

const compute = await microEngine()
type Views = readonly (string | undefined)[]

async function ask(
  wish: Partial<typeof someWish>,
  { views = [] as Views, kills = [] as readonly Kill[] } = {},
) {
  const nodes = someNodes(compute, 4).map((node, index) => ({ ...node, view: views[index] }))
  const room = await openReasoningRoom({ seed: 3, link: nearby, nodes })
  const told = await askInRoom(room, { ...someWish, temperature: 0, tokens: 20, ...wish }, kills)
  room.close()
  return told
}
const views = ['the sea is red', 'the man', 'an old sea']

describe('views of several tabs', () => {
  it('of which only one sees anything say what that one would say, wherever it is', async () => {
    for (const [index, view] of views.entries()) {
      const alone = await ask({ prompt: view + someWish.prompt })
      const placed = [0, 1, 2, 3].map((node) => (node === index ? view : undefined))
      expect((await ask({ mode: 'fusion' }, { views: placed })).ids).toEqual(alone.ids)
    }
  })
  it('lose what a tab saw that is closed in mid-sentence, and go on with the others', async () => {
    const all = [undefined, ...views]
    const whole = await ask({ mode: 'fusion' }, { views: all })
    const less = await ask({ mode: 'fusion' }, { views: all, kills: [{ node: 3, token: 8 }] })
    expect(less.ids).toHaveLength(20)
    expect(less.ids.slice(0, 8)).toEqual(whole.ids.slice(0, 8))
    const answered = less.notes.flatMap((note) =>
      note.kind === 'views' ? [note.members.filter((member) => member.answered).length] : [],
    )
    expect([answered[0], answered.at(-1)]).toEqual([3, 2])
  })
  it('are asked for where there are none', async () => {
    await expect(ask({ mode: 'fusion' })).rejects.toThrow(/No tab in reach has a view of its own/)
  })
})
