import { expect, it } from 'vitest'
import { unreadTexts } from '../../../corpora/pretraining'
import { seedlingSessions } from '../room/testing'
import { type Scene, type ViewName, viewsOn } from './views'

const isFull = process.env.GOSSAMER_FULL === '1'
const sessions = await seedlingSessions()
const all: readonly ViewName[] = ['before', 'beginning', 'foreign']
const scene = (views: readonly ViewName[], weighing: Scene['weighing']): Scene => ({ views, weighing })

it('a view is calibrated as it is; beside others it counts as far as it bears on the question', async () => {
  const texts = await Promise.all(
    unreadTexts('seedling')
      .slice(0, isFull ? 60 : 16)
      .map((text) => sessions.encode(text)),
  )
  const one = [0.7, 1, 1.3].map((weight) => scene(['before'], weight))
  const three = [scene(all, 1), scene(all, 'bearing')]
  const two = scene(['before', 'beginning'], 'bearing')
  const { blind, losses, contradicted } = await viewsOn(sessions, texts, [...one, ...three, two])
  const [low, full, high, even, weighed, both] = losses
  // Its temperature is right: less or more of it is worse, and with it the text is surer than without.
  expect(full).toBeLessThanOrEqual(Math.min(low, high) + 0.002)
  expect(full).toBeLessThan(blind)
  // Of another story’s part nobody would make anything: counted in full it spoils the rest.
  expect(even).toBeGreaterThan(blind)
  expect(weighed).toBeLessThan(even - 0.2)
  expect(both).toBeLessThan(blind)
  // Text that is not about one thing contradicts itself hardly ever.
  expect(contradicted).toBeLessThan(0.02)
  if (isFull) console.log(JSON.stringify({ blind, losses, contradicted }))
}, 300_000)
