/** What goes on while weights arrive: a GPU compiles for the text that is to be learned. Here our SIMD functions pose as one. */
import { expect, it } from 'vitest'
import type { Machine } from '../kernels/machines/machine'
import { machines } from '../kernels/machines/testing'
import { directorySource } from '../model/source/directory'
import type { LoadProgress, OpenRequest } from './compute'
import { createEngine } from './engine'
import { loadModel } from './loadModel'
import { randomModelDirectory } from './testing'

const examples = ['the cat', 'the dog', 'a bird that sings'].map((text) => ({ prompt: '', completion: text }))
const request: OpenRequest = {
  model: randomModelDirectory,
  backend: 'auto',
  batch: 2,
  seed: 1,
  adapter: { rank: 4, alpha: 8, targets: ['c_attn'] },
}

/** `wasm` under another name, with what it is asked for in order. */
async function posing() {
  const wasm = (await machines()).get('wasm')!
  const asked: string[] = []
  const machine: Machine = {
    ...wasm,
    backend: 'webgpu',
    openWeights() {
      const weights = wasm.openWeights()
      const write = weights.write.bind(weights)
      return Object.assign(weights, {
        write(...rows: Parameters<typeof write>) {
          asked.push('write')
          return write(...rows)
        },
      })
    },
    openSession(weights) {
      const session = wasm.openSession(weights)
      const compile = session.compile.bind(session)
      return Object.assign(session, {
        async compile(...given: Parameters<typeof compile>) {
          asked.push('compile')
          const [, onProgress] = given
          const runnable = await compile(...given)
          onProgress?.(1, 1)
          return runnable
        },
      })
    },
  }
  const load = (onProgress: (progress: LoadProgress) => void, how: Parameters<typeof loadModel>[2]) =>
    loadModel(directorySource(randomModelDirectory), machine, how, onProgress)
  const compute = createEngine({ load: (_, onProgress, how) => load(onProgress, how) })
  return { compute, asked, load }
}

it('a step is compiled while the weights arrive, and not again when the text is there', async () => {
  const { compute, asked } = await posing()
  const stages: string[] = []
  await compute.open({ ...request, examples }, ({ stage }) => stages.push(stage))
  expect(asked.filter((what) => what === 'compile')).toHaveLength(1)
  expect(asked.indexOf('compile')).toBeLessThan(asked.lastIndexOf('write'))
  expect(stages).not.toContain('compiling') // the bar tells of the reading as long as there is any
  await compute.hold('train', examples)
  expect(asked.filter((what) => what === 'compile')).toHaveLength(1)
})

it('without a text nothing is compiled before there is one', async () => {
  const { compute, asked } = await posing()
  await compute.open(request)
  expect(asked).not.toContain('compile')
  await compute.hold('train', examples)
  expect(asked.at(-1)).toBe('compile')
})

it('what is compiled last is shown, and what fails meanwhile costs nothing', async () => {
  const { load } = await posing()
  const stages: string[] = []
  let read = () => {}
  const whenRead = new Promise<void>((resolve) => {
    read = resolve
  })
  await load(
    (progress) => {
      stages.push(progress.stage)
      if (progress.stage === 'reading' && progress.done === progress.total) setTimeout(read, 50)
    },
    {
      async meanwhile(model, onProgress) {
        expect(model.hash).toBe('')
        onProgress({ stage: 'compiling', done: 1, total: 2 })
        await whenRead
        onProgress({ stage: 'compiling', done: 2, total: 2 })
      },
    },
  )
  expect(stages.filter((stage) => stage === 'compiling')).toHaveLength(1)
  expect(stages.at(-1)).toBe('compiling')
  const meanwhile = () => Promise.reject(new Error('no pipeline'))
  expect((await load(() => {}, { meanwhile })).hash).toMatch(/^[0-9a-f]{64}$/)
})
