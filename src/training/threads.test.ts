import { expect, it } from 'vitest'
import { random } from '../lib/rng'
import { adapterHash } from '../model/adapter'
import { openDecoder } from '../model/decoder'
import { initialAdapter } from '../model/lora'
import { makeBatch } from './batches'
import { findDirectory } from './headless'
import { train } from './train'

/** Some steps on long rows, then logits by the adapter of a long prompt and of one token more. */
async function learnAndRead(threads: number) {
  const model = await (await findDirectory('public/models/toy', 'wasm', 'auto', null, threads)).load()
  const draw = random(1, 'rows')
  const rows = Array.from({ length: 4 }, () => ({
    tokens: Array.from({ length: 129 }, () => draw.int(1000)),
    countFrom: 1,
    isRehearsal: false,
  }))
  const start = initialAdapter(model.config, { rank: 8, alpha: 16, targets: ['c_attn', 'c_fc'] }, 1)
  const batch = makeBatch(rows, 128)
  const batches = (function* () {
    for (;;) yield batch
  })()
  const { adapter } = await train({
    model,
    adapter: start,
    batches,
    steps: 4,
    learningRate: 1e-2,
    maxGradientNorm: 0.5,
  })
  const decoder = openDecoder(model, adapter)
  const read = await decoder.read(rows[0].tokens.slice(0, 100), 'last')
  const next = await decoder.read([7], 'last')
  decoder.dispose()
  return { device: model.machine.device, hash: adapterHash(adapter), read, next }
}

it('trains and reads to the same bits with one thread, two and three', async () => {
  const [alone, ...together] = [await learnAndRead(1), await learnAndRead(2), await learnAndRead(3)]
  expect(alone.device).not.toContain('threads')
  for (const [index, { device, ...results }] of together.entries()) {
    expect(device).toContain(`up to ${index + 2} threads`)
    expect(results).toEqual({ hash: alone.hash, read: alone.read, next: alone.next })
  }
})
