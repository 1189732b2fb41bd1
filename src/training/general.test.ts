/** `loss.general` of a base is what its README says, which PyTorch has measured. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { generalText } from '../corpora/pretraining'
import { openHeadless } from './headless'

it.each(['toy', 'seedling'] as const)('%s knows its own world as well as its README says', async (base) => {
  const model = `public/models/${base}`
  const compute = openHeadless()
  const adapter = { rank: 1, alpha: 1, targets: ['c_attn'] }
  await compute.open({ model, backend: 'wasm', adapter, seed: 1 })
  const { tokens } = await compute.hold('general', generalText(base))
  expect(tokens).toBeGreaterThan(10_000)
  const { loss } = await compute.evaluate(null, 'general')
  const said = /without its first token\): \*\*([\d.]+)\*\*/.exec(readFileSync(`${model}/README.md`, 'utf8'))
  expect(Math.abs(loss - Number(said?.[1]))).toBeLessThan(0.01)
})
