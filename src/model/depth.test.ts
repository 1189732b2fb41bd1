import { describe, expect, it } from 'vitest'
import { openOn } from '../training/testing'
import { atScale, encodeAdapter } from './adapter'
import { parseConfig } from './config'
import { openDecoder } from './decoder'
import { atDepth, depthOf, onAllLayers } from './depth'
import { adapterLayout, flatten, initialAdapter } from './lora'
import { oracleModel } from './oracle'
import { decodePeft, encodePeft } from './peft/peft'
import { changes, expectSame, grown, model, only, plain } from './peft/testing'

/** What a room has learned on the first of two blocks. */
const whole = grown(plain)
const draft = { config: plain, tensors: only(whole, /\.h\.0\./) }

describe('an adapter of the first layers', () => {
  it('reaches as far as its names say', () => {
    expect(depthOf(whole.tensors)).toBe(2)
    expect(depthOf(draft.tensors)).toBe(1)
    expect(() => depthOf(new Map())).toThrow(/names no layer/)
    const llama = parseConfig(oracleModel('llama-untied').config)
    const targets = ['q_proj', 'down_proj']
    expect(depthOf(initialAdapter(llama, { rank: 1, alpha: 1, targets }, 1).tensors)).toBe(llama.layers)
  })

  it('is one of the whole model that leaves the later ones as they are', () => {
    const all = onAllLayers(draft, model)
    expect(flatten(adapterLayout(model, all.config), all)).toHaveLength(
      adapterLayout(model, { ...plain }).size,
    )
    expectSame(changes(all), changes(draft))
  })

  it('keeps its own targets, whatever others the engine was opened for', () => {
    const elsewhere = { config: { ...plain, targets: ['c_fc'] }, tensors: draft.tensors }
    expect(onAllLayers(elsewhere, model).config.targets.toSorted()).toEqual(plain.targets.toSorted())
  })

  it('gives at its depth what it gives on the shorter model, bit for bit', async () => {
    const { files, ids } = oracleModel('gpt2')
    const [long, short] = [await openOn('wasm', files), await openOn('wasm', files, { depth: 1 })]
    const stretch = { layers: { from: 0, to: 1 }, reads: 'ids', gives: 'logits' } as const
    const exit = openDecoder(long, onAllLayers(draft, model), stretch)
    const own = openDecoder(short, draft)
    expect(await exit.read(ids.slice(0, 20), 'each')).toEqual(await own.read(ids.slice(0, 20), 'each'))
    const bare = openDecoder(short, null)
    expect(await own.read([1], 'each')).not.toEqual(await bare.read([1], 'each'))
  })

  it('that is missing a tensor below its depth is still refused', () => {
    const torn = new Map([...whole.tensors].filter(([name]) => !/h\.0\.attn\.c_attn\.lora_B/.test(name)))
    const all = onAllLayers({ config: plain, tensors: torn }, model)
    expect(() => flatten(adapterLayout(model, all.config), all)).toThrow(/lacks/)
  })

  it('says in PEFT which layers it means, so that Python and we read back the same', () => {
    const files = encodePeft(draft, 'gpt2', 1)
    expect(JSON.parse(files.config).layers_to_transform).toEqual([0])
    expect(JSON.parse(encodePeft(whole, 'gpt2').config)).not.toHaveProperty('layers_to_transform')
    const short = decodePeft(files, atDepth(model, 1))
    expect(encodeAdapter(short)).toEqual(encodeAdapter(draft))
    expectSame(changes(decodePeft(files, model)), changes(draft))
    // Without it PEFT would look for the second block, and so do we.
    expect(() => decodePeft(encodePeft(draft, 'gpt2'), model)).toThrow(/lacks/)
  })

  it('says the same at another scale', () => {
    expectSame(changes(atScale(draft, 0.5)), changes(draft))
  })
})
