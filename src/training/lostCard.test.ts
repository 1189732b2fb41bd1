/** A card that is taken away while a text goes on by itself costs time and nothing else: the text is the same, token by token. */
import { expect, it } from 'vitest'
import { openGpu } from '../kernels/machines/gpu'
import { noGpu, openDawnAdapter } from '../kernels/machines/testing'
import { openWebgpuMachine } from '../kernels/machines/webgpu'
import { plannerByRule } from '../kernels/wgsl/plans'
import { directorySource } from '../model/source/directory'
import { tabClock } from '../network/time/clock'
import { continueAlone } from '../reasoning/soliloquy'
import { createEngine } from './engine'
import { loadModel } from './loadModel'
import type { Sessions } from './session'
import { randomModelDirectory } from './testing'

const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const wish = { adapter: null, prompt: 'Anna', tokens: 20, temperature: 0.9, seed: 5 }

it('while steps are under way', async ({ skip }) => {
  skip(!(await openDawnAdapter()), noGpu)
  const cards: GPUDevice[] = []
  const compute = createEngine({
    async load() {
      const gpu = await openGpu((await openDawnAdapter())!, 'Dawn', () => plannerByRule)
      cards.push(gpu.device)
      return loadModel(directorySource(randomModelDirectory), openWebgpuMachine(gpu))
    },
  })
  await compute.open({ model: 'tiny', backend: 'webgpu', adapter, seed: 1 })
  const { sessions } = compute
  const undisturbed = await continueAlone(sessions, wish, tabClock())
  let passes = 0
  const disturbed: Sessions = {
    ...sessions,
    pass(request) {
      if (++passes === 6) cards[0].destroy()
      return sessions.pass(request)
    },
  }
  const { ids } = await continueAlone(disturbed, wish, tabClock())
  expect(ids).toEqual(undisturbed.ids)
  expect(ids).toHaveLength(wish.tokens)
  expect(cards).toHaveLength(2)
})
