import { describe, expect, it } from 'vitest'
import { unreadTexts } from '../../../corpora/pretraining'
import { codecNames } from '../../../reasoning/core/codecs'
import { bestCut, cutMs } from '../../../reasoning/plan/cut'
import { askInRoom, type Kill } from '../room/asking'
import { openReasoningRoom } from '../room/room'
import { microEngine, nearby, seedlingSessions, someWish } from '../room/testing'
import { codedBy, codedLoss, inversion, searchedWords } from './boundary'

const isFull = process.env.GOSSAMER_FULL === '1'
const { sessions } = await microEngine()
const { layers } = await sessions.facts()

async function ask(
  wish: Partial<typeof someWish>,
  { device = 8, edge = 1, link = nearby, kills = [] as readonly Kill[] } = {},
) {
  const nodes = [device, edge, edge].map((millisecondsPerLayer) => ({ sessions, millisecondsPerLayer }))
  const room = await openReasoningRoom({ seed: 3, link, nodes })
  const outcome = await askInRoom(room, { ...someWish, ...wish }, kills)
  room.close()
  return outcome
}

describe('O18 where a model is cut', () => {
  it('is within five per cent of the fastest of all cuts, as measured', async () => {
    for (const [device, edge, delayMs] of [
      [8, 1, 5],
      [2, 1, 2],
      [3, 2, 1],
      [1, 1, 40],
    ]) {
      const parts = { device, edge, link: { ...nearby, delayMs } }
      const seconds: number[] = []
      for (let cut = 0; cut <= layers; cut++)
        seconds.push((await ask({ mode: 'split', cut, tokens: 30 }, parts)).virtualSeconds)
      const chosen = await ask({ mode: 'split', tokens: 30 }, parts)
      expect(
        chosen.virtualSeconds / Math.min(...seconds),
        `${device} ${edge} ${delayMs}`,
      ).toBeLessThanOrEqual(1.05)
    }
  })
  it('is the best of all that both may hold, and none where they may not', () => {
    const measures = {
      layers: 12,
      deviceMsPerLayer: 5,
      edgeMsPerLayer: 1,
      travelMs: 20,
      mostAtDevice: 8,
      mostAtEdge: 10,
    }
    expect(bestCut(measures)).toBe(2)
    expect(cutMs(measures, 2)).toBe(10 + 20 + 10)
    expect(bestCut({ ...measures, mostAtDevice: 12, travelMs: 500 })).toBe(12)
    expect(bestCut({ ...measures, mostAtDevice: 1 })).toBeNull()
  })
})

it('what an edge computes comes back as one tab would have had it, also when the edge dies, whatever the rows travel as', async () => {
  const { ids: alone } = await ask({})
  const kills = [{ node: 1, token: 9 }]
  expect((await ask({ mode: 'split', cut: 1 })).ids).toEqual(alone)
  expect((await ask({ mode: 'split', cut: 1 }, { kills })).ids).toEqual(alone)
  for (const codec of codecNames) {
    const undisturbed = await ask({ mode: 'split', cut: 1, codec })
    const killed = await ask({ mode: 'split', cut: 1, codec }, { kills })
    expect(killed.ids, codec).toEqual(undisturbed.ids)
    expect(killed.recoveries).toBe(1)
  }
  const bytes = await Promise.all(
    codecNames.map(async (codec) => (await ask({ mode: 'split', cut: 1, codec })).bytes),
  )
  expect(bytes).toEqual([...bytes].sort((one, other) => other - one))
})

const seedling = await seedlingSessions()
const some = unreadTexts('seedling').slice(0, isFull ? 42 : 3)
const texts = await Promise.all(some.map(async (text) => (await seedling.encode(text)).slice(0, 120)))
const known = await Promise.all(
  unreadTexts('seedling')
    .slice(50, isFull ? 100 : 80)
    .map(async (text) => (await seedling.encode(text)).slice(0, 120)),
)

describe('O4 rows of seedling on their way', () => {
  it('as halves and as bytes change what the model thinks by next to nothing', async () => {
    const { layers: all } = await seedling.facts()
    for (const cut of isFull ? [1, all / 2, all - 1] : [all / 2]) {
      const [exact, halves, bytes] = await Promise.all(
        codecNames.map((codec) => codedLoss(seedling, texts, cut, codedBy(codec))),
      )
      expect(exact.divergence).toBe(0)
      expect(halves.divergence).toBeLessThan(1e-5)
      expect(bytes.divergence).toBeLessThan(1e-2)
      expect(Math.abs(halves.perplexity / exact.perplexity - 1)).toBeLessThan(0.001)
      expect(Math.abs(bytes.perplexity / exact.perplexity - 1)).toBeLessThan(0.01)
    }
  })
  it('can be turned back into words, the more easily the earlier the cut', async () => {
    const rates = []
    for (const cut of isFull ? [0, 1, 3, 5] : [0, 1, 5])
      rates.push(await inversion(seedling, texts.slice(0, 4), known, cut))
    expect(rates[0].byEmbedding).toBeGreaterThan(0.99) // nothing but embeddings crosses
    const learned = rates.map(({ byExample }) => byExample)
    expect(learned[1]).toBeGreaterThan(0.5)
    expect(learned).toEqual([...learned].sort((one, other) => other - one))
  })
  it('are no secret at any cut for whoever tries words one by one, not even as bytes', async () => {
    for (const cut of isFull ? [1, 3, 5] : [3])
      expect(await searchedWords(seedling, texts[0].slice(0, isFull ? 12 : 3), cut, codedBy('int8'))).toBe(1)
  })
})
