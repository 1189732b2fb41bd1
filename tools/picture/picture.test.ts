import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { draw } from './drawing'
import { roomOf } from './imports'
import { layOut } from './layout'
import { picture } from './picture'

const arrows = (...pairs: string[]) => pairs.map((pair) => ({ from: pair[0], to: pair[1] }))

describe('the picture of the house', () => {
  it('is drawn from the imports as they are now: `npm run picture` after a room has come to know another', async () => {
    expect(readFileSync('docs/rooms.svg', 'utf8')).toBe(await picture())
  }, 60_000)

  it('puts a room under all that know it, so that no arrow points up', () => {
    const { floors } = layOut(arrows('ab', 'bc', 'ac', 'ad', 'dc', 'ec'))
    expect(floors).toEqual([['a'], expect.arrayContaining(['b', 'd', 'e']), ['c']])
  })

  it('leaves out an arrow that follows from others', () => {
    expect(layOut(arrows('ab', 'bc', 'ac')).arrows).toEqual(arrows('ab', 'bc'))
  })

  it('says who knows whom in a circle', () => {
    expect(() => layOut(arrows('ab', 'bc', 'ca'))).toThrow(/circle: . → . → . → ./)
  })

  it('asks for words where a room has none', () => {
    expect(() => draw(layOut(arrows('ab')), { a: 'the first' })).toThrow('new room "b"')
  })

  it.each([
    ['src/node/device/text.ts', 'node'],
    ['server/signalling/relay.ts', 'server'],
    ['src/main.tsx', null],
    ['bench/bench.ts', null],
  ])('%s is in %s', (path, room) => {
    expect(roomOf(path)).toBe(room)
  })
})
