/** What a member that lies about what it knows can do to an ensemble, and to a mixture, and what it cannot. */
import { describe, expect, it } from 'vitest'
import { concatenatedBytes, measuredAdapter } from '../../../model/concatenation'
import { decodeSafetensors, encodeSafetensors } from '../../../model/safetensors'
import { tabClock } from '../../../network/time/clock'
import type { Wish } from '../../../reasoning/participant'
import { continueAlone } from '../../../reasoning/soliloquy'
import { openHeadless } from '../../../training/headless'
import { askInRoom, type Outcome } from '../room/asking'
import { type NodeParts, openReasoningRoom } from '../room/room'
import { knowingAll, microEngine, nearby, someAdapter, someNodes, someWish } from '../room/testing'

const compute = await microEngine()
const tokens = 40
const [node] = someNodes(compute, 1)
const knowing = (seed: number): NodeParts => ({ ...node, ownAdapter: someAdapter(seed) })
const honest = [knowing(1), knowing(2), knowing(3)]

async function ask(
  nodes: readonly NodeParts[],
  mode: Wish['mode'],
  wish: Partial<Wish> = {},
): Promise<Outcome & { last: string }> {
  const room = await openReasoningRoom({ seed: 1, link: nearby, nodes })
  const outcome = await askInRoom(room, { ...someWish, tokens, ...wish, mode })
  room.close()
  return { ...outcome, last: room.tabs.at(-1)!.id }
}
const liarsIn = ({ notes }: Outcome) => notes.flatMap((note) => (note.kind === 'liar' ? [note.id] : []))

/** Random weights expect nothing of a text, so whoever babbles must be heard by a model that has read some. */
const toy = openHeadless()
const { initialAdapter } = await toy.open({
  model: 'public/models/toy',
  backend: 'wasm',
  adapter: { rank: 2, alpha: 4, targets: ['c_attn'] },
  seed: 1,
})
const { vocabulary } = await toy.sessions.facts()

describe('a member that claims to have known every word, and then says words of its own', () => {
  const reader = { sessions: toy.sessions, millisecondsPerLayer: 2, ownAdapter: initialAdapter }
  const babbler = {
    ...reader,
    sessions: knowingAll(toy.sessions, (at) => (at * 379) % vocabulary),
  }
  const wish: Partial<Wish> = { prompt: 'The nurse put the', temperature: 0 }

  it('has its way for some tokens, is named and left out, and what was said with it is said again', async () => {
    const quiet = await ask([reader, reader, reader], 'ensemble', wish)
    expect(liarsIn(quiet)).toEqual([])
    const loud = await ask([reader, reader, reader, babbler], 'ensemble', wish)
    expect(liarsIn(loud)).toEqual([loud.last])
    expect(loud.ids).toEqual(quiet.ids)
    const saidAgain = loud.said.findIndex(({ kind }) => kind === 'retract')
    const before = loud.said.slice(0, saidAgain).filter(({ kind }) => kind === 'token')
    expect(before).toHaveLength(8)
  })

  it('is found out by its asker alone, where nobody else is asked', async () => {
    const loud = await ask([reader, babbler], 'ensemble', wish)
    expect(liarsIn(loud)).toEqual([loud.last])
  })
})

describe('what is lent for a mixture', () => {
  const changed = (factor: (value: number) => number): Uint8Array => {
    const { tensors } = decodeSafetensors(someAdapter(9))
    return encodeSafetensors(
      new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: data.map(factor) }])),
    )
  }
  const odd = (ownAdapter: Uint8Array): NodeParts => ({ ...node, ownAdapter })
  const strange = new Map([
    ['h.0.lora_A.weight', { shape: [2, 7], data: new Float32Array(14) }],
    ['h.0.lora_B.weight', { shape: [7, 2], data: new Float32Array(14) }],
  ])

  it.each([
    ['nothing', new Uint8Array(0)],
    ['rubbish', new Uint8Array(50_000).fill(7)],
    ['numbers that are none', changed(() => Number.NaN)],
    ['the largest numbers there are', changed((value) => Math.sign(value) * 3e38)],
    ['what fits another model', encodeSafetensors(strange)],
  ])('is left out, and its tab named, where it is %s', async (_, adapter) => {
    const quiet = await ask(honest, 'mixture')
    const loud = await ask([...honest, odd(adapter)], 'mixture')
    expect(liarsIn(loud)).toEqual([loud.last])
    expect(loud.ids).toEqual(quiet.ids)
  })

  it('counts at most as much as twice the median, however far it would go', async () => {
    const huge = changed((value) => 30 * value)
    const weights = [0.4, 0.3, 0.2, 0.1]
    const all = [...[1, 2, 3].map(someAdapter), huge]
    const room = await openReasoningRoom({ seed: 1, link: nearby, nodes: [...honest, odd(huge)] })
    const { ids } = await askInRoom(room, { ...someWish, tokens, mode: 'mixture', weights })
    room.close()
    const lengths = all.map((adapter) => measuredAdapter(adapter).length)
    const median = lengths.toSorted((a, b) => a - b)[1]
    const adapter = concatenatedBytes(all, [0.4, 0.3, 0.2, 0.1 * ((2 * median) / lengths[3])])
    const { temperature, seed, prompt } = someWish
    const one = await continueAlone(
      compute.sessions,
      { prompt, tokens, temperature, seed, adapter },
      tabClock(),
    )
    expect(ids).toEqual(one.ids)
  })

  it('says so where nothing of it can be mixed', async () => {
    await expect(ask([knowing(1), odd(new Uint8Array(9))], 'mixture')).rejects.toThrow(
      /No other tab lent what it has learned. Ask again/,
    )
  })
})
