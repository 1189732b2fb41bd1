import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../time/virtual-clock'
import { linkPair } from '../memory/memory-transport'
import type { Lane, Link } from '../transport'
import { heldLink } from './held-link'
import { movingLink } from './moving-link'

const clock = virtualClock()
const settle = () => clock.run()
const heardBy = (link: Link) => {
  const heard: Record<Lane, number[]> = { control: [], bulk: [] }
  link.on('message', (lane, bytes) => heard[lane].push(bytes[0]))
  return heard
}
/** As a path of another kind that ends in the same tabs. */
const bound = (link: Link, binding: string): Link =>
  new Proxy(heldLink(link), {
    get: (of, name) =>
      name === 'binding'
        ? binding
        : name === 'kind'
          ? 'webrtc'
          : name === 'maxMessageBytes'
            ? 1e6
            : Reflect.get(of, name),
  })

function scene(bindings: readonly [string, string] = ['same', 'same']) {
  const [a1, b1] = linkPair('a', 'b', clock)
  const [a2, b2] = linkPair('a', 'b', clock)
  const a = movingLink(a1)
  const b = movingLink(b1)
  return { a, b, old: [a1, b1], paths: [bound(a2, bindings[0]), bound(b2, bindings[1])], raw: [a2, b2] }
}

describe('a link that moves', () => {
  it('loses, doubles and reorders nothing, whoever moves first and whatever is on its way', async () => {
    const act = fc.oneof(
      fc.record({
        do: fc.constant('send'),
        end: fc.integer({ min: 0, max: 1 }),
        lane: fc.constantFrom('control', 'bulk'),
      }),
      fc.record({ do: fc.constant('wait'), end: fc.constant(0), lane: fc.constant('control') }),
      fc.record({
        do: fc.constant('move'),
        end: fc.integer({ min: 0, max: 1 }),
        lane: fc.constant('control'),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const { a, b, old, paths } = scene()
        const ends = [a, b]
        const heard = ends.map(heardBy)
        const sent: Record<Lane, number[]>[] = [0, 1].map(() => ({ control: [], bulk: [] }))
        const hasMoved = [false, false]
        const move = (end: number) => {
          if (!hasMoved[end]) ends[end].move(paths[end])
          hasMoved[end] = true
        }
        let count = 0
        for (const { do: what, end, lane } of acts) {
          if (what === 'wait') await settle()
          else if (what === 'move') move(end)
          else {
            const number = count++ % 256
            sent[end][lane as Lane].push(number)
            void ends[end].send(lane as Lane, Uint8Array.of(number))
          }
        }
        for (const end of [0, 1]) move(end)
        await settle()
        expect(heard).toEqual([sent[1], sent[0]])
        expect(ends.map(({ isOpen, kind }) => [isOpen, kind])).toEqual(ends.map(() => [true, 'webrtc']))
        expect(old.map(({ isOpen }) => isOpen)).toEqual([false, false])
      }),
      { seed: 8, numRuns: 150 },
    )
  })

  it('ends where the new path leads to somebody else, before anything that came over it is heard', async () => {
    const { a, b, paths } = scene(['mine', 'another'])
    const heard = heardBy(b)
    a.move(paths[0])
    b.move(paths[1])
    void a.send('control', Uint8Array.of(7)).catch(() => {})
    await settle()
    expect(heard.control).toEqual([])
    expect([a.isOpen, b.isOpen]).toEqual([false, false])
  })

  it('ends with the new path, and with the old one before both have moved', async () => {
    for (const which of ['new', 'old'] as const) {
      const { a, b, old, paths, raw } = scene()
      if (which === 'new') for (const [index, link] of [a, b].entries()) link.move(paths[index])
      await settle()
      if (which === 'new') raw[0].close()
      else old[0].close()
      await settle()
      expect([a.isOpen, b.isOpen]).toEqual([false, false])
      await expect(a.send('control', Uint8Array.of(1))).rejects.toThrow('closed')
    }
  })

  it('says that it moved, once, and takes no second path', () => {
    const { a, paths, raw } = scene()
    let moves = 0
    a.on('moved', () => moves++)
    expect(a.kind).toBe('memory')
    a.move(paths[0])
    a.move(bound(linkPair('a', 'b', clock)[0], 'same'))
    expect([moves, a.kind, raw[0].isOpen]).toEqual([1, 'webrtc', true])
  })
})
