/**
 * Whatever happens to edges while a text is made: they die, stand still and wake again, come late, and their links delay and lose
 * what they carry. The text is the one that the asker would have made alone, always, and it is made in the end.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { askInRoom } from '../room/asking'
import { type NodeParts, openReasoningRoom } from '../room/room'
import { capped, microEngine, someNodes, someWish } from '../room/testing'

const isFull = process.env.GOSSAMER_FULL === '1'
const compute = await microEngine()
const weak = await capped(2)
const edges = 3
/** Longer than any patience: an answer that takes more hangs. */
const longestSeconds = 200

type Happening =
  | { readonly kind: 'kill' | 'join'; readonly edge: number; readonly atMs: number }
  | { readonly kind: 'freeze'; readonly edge: number; readonly atMs: number; readonly forMs: number }

const edge = fc.integer({ min: 1, max: edges })
const atMs = fc.integer({ min: 0, max: 1500 })
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constantFrom('kill' as const, 'join' as const), edge, atMs }),
  fc.record({ kind: fc.constant('freeze' as const), edge, atMs, forMs: fc.integer({ min: 50, max: 6000 }) }),
)
const schedule = fc.record({
  mode: fc.constantFrom('speculative' as const, 'multi-access' as const, 'split' as const),
  temperature: fc.constantFrom(0, 0.9),
  seed: fc.integer({ min: 0, max: 3 }),
  hedges: fc.boolean(),
  draft: fc.constantFrom(null, 1, 5),
  link: fc.record({
    delayMs: fc.integer({ min: 1, max: 60 }),
    jitter: fc.constantFrom(0, 0.9),
    loss: fc.constantFrom(0, 0.05),
    bytesPerSecond: fc.constant(Number.POSITIVE_INFINITY),
  }),
  /** Of the asker: whether it could go on alone. */
  isWeak: fc.boolean(),
  happenings: fc.array(happening, { maxLength: 6 }),
})

const known = new Map<string, readonly number[]>()
async function alone(temperature: number, seed: number): Promise<readonly number[]> {
  const key = `${temperature} ${seed}`
  if (!known.has(key)) {
    const link = { delayMs: 1, jitter: 0, loss: 0, bytesPerSecond: Number.POSITIVE_INFINITY }
    const room = await openReasoningRoom({ seed: 1, link, nodes: someNodes(compute, 1) })
    known.set(key, (await askInRoom(room, { ...someWish, temperature, seed })).ids)
    room.close()
  }
  return known.get(key)!
}

it('O11 O19 the text is the same under all schedules of deaths, standstills, newcomers and bad links, and never hangs', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async ({ link, isWeak, happenings, ...wish }) => {
      // One edge at least stays, or a tab that may not hold the model cannot go on.
      const spared = (of: number) => isWeak && of === edges
      const [whole] = someNodes(compute, 1)
      const asker: NodeParts = isWeak ? weak : whole
      const room = await openReasoningRoom({
        seed: 3,
        link,
        nodes: [asker, ...someNodes(compute, edges)],
        problem: () => {},
      })
      const killed = new Set<number>()
      for (const one of happenings)
        room.clock.after(one.atMs, () => {
          if (one.kind === 'join') return void room.join(whole).catch(() => {})
          if (spared(one.edge) || killed.has(one.edge)) return
          const tab = room.tabs[one.edge]
          if (one.kind === 'freeze') {
            tab.freeze(true)
            return void room.clock.after(one.forMs, () => tab.freeze(false))
          }
          killed.add(one.edge)
          tab.kill()
        })
      const told = await askInRoom(room, { ...someWish, ...wish, cut: 1 })
      room.close()
      expect(told.ids).toEqual(await alone(wish.temperature, wish.seed))
      expect(told.virtualSeconds).toBeLessThan(longestSeconds)
    }),
    { numRuns: isFull ? 300 : 12 },
  )
}, 1_200_000)
