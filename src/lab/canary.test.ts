/**
 * What whoever merges can read of one device's private facts, from what it gets: one update, the mean of four, one update under
 * masks. Real training of `toy`, so it belongs to the long run; docs/secure-aggregation.md has the figures.
 */
import { describe, expect, it } from 'vitest'
import { only } from '../federation/aggregation/global/downlink'
import { float32Difference } from '../federation/aggregation/global/mean'
import { shapesOf, tensorsOf, vectorOf } from '../federation/compression/vector'
import { secureClient } from '../federation/secure/client'
import { wordsOf } from '../federation/secure/masks'
import { gridOf, meanOf } from '../federation/secure/quantising'
import { secureServer } from '../federation/secure/server'
import { type Adapter, decodeAdapter, encodeAdapter } from '../model/adapter'
import { seededIdentities } from '../network/identity/seeded'
import { shareFor } from '../node/local/shares'
import { recallOf } from '../node/measuring/parts'
import { adapterConfigOf } from '../settings/derived/adapter'
import { readSettings } from '../settings/reading'
import { openHeadless } from '../training/headless'

const devices = [0, 1, 2, 3]
const weight = 64
const { settings } = readSettings(new URL('http://localhost/?preset=facts&backend=wasm'))

/** Each device's change after the local steps of one round, and what `toy` was before. */
async function trained(seed: number) {
  const compute = openHeadless()
  const config = adapterConfigOf(settings)
  const opened = await compute.open({ model: 'public/models/toy', backend: 'wasm', adapter: config, seed })
  const initial = decodeAdapter(opened.initialAdapter, opened.adapter)
  const shares = devices.map((index) => shareFor({ seed, partition: 'iid' }, { corpus: 'facts', index }))
  const changes: Float32Array[] = []
  for (const [device, share] of shares.entries()) {
    await compute.hold('train', share.train)
    const { localSteps: steps, batch, lr: learningRate } = settings
    const request = { shelf: 'train', steps, batch, learningRate, slow: 1, seed: device, continueAs: null }
    const { adapter } = await compute.train({ ...request, adapter: opened.initialAdapter })
    const end = decodeAdapter(adapter, opened.adapter).tensors
    changes.push(vectorOf(float32Difference(only(end, { a: true, b: true }), initial.tensors)))
  }
  /** Of the facts of device 0, with this change added to the base. */
  const recallWith = async (change: ArrayLike<number>): Promise<number> =>
    (await recallOf(compute, encodeAdapter(changed(initial, change)), shares[0].probes, 'trained')) ?? 0
  return { changes, recallWith }
}

function changed({ config, tensors }: Adapter, change: ArrayLike<number>): Adapter {
  const by = tensorsOf(Float32Array.from(change), shapesOf(tensors))
  const moved = [...tensors].map(([name, { shape, data }]) => {
    const own = by.get(name)!.data
    return [name, { shape, data: data.map((value, at) => value + own[at]) }] as const
  })
  return { config, tensors: new Map(moved) }
}

/** What the coordinator gets of device 0, and the mean that it unmasks. */
async function secretly(changes: readonly Float32Array[], seed: number) {
  const cryptography = seededIdentities(seed)
  const names = devices.map((device) => `d${device}`)
  const server = secureServer(cryptography('server'))
  const clients = await Promise.all(names.map((name) => secureClient(name, cryptography(name))))
  for (const [at, client] of clients.entries()) server.takeKeys(names[at], client.keys)
  const roster = server.close(
    names.map((device) => ({ device, weight })),
    null,
  )
  for (const [at, client] of clients.entries()) server.takeShares(names[at], await client.share(roster))
  const vectors: Uint8Array[] = []
  for (const [at, client] of clients.entries()) {
    vectors.push(await client.send(server.sealedFor(names[at], names), changes[at], 1))
    server.takeVector(names[at], vectors[at], changes[at].length)
  }
  for (const [at, client] of clients.entries())
    server.takeUnmasking(names[at], await client.unmask(names), names)
  const { sum, grid } = await server.unmask(names, 1)
  const words = wordsOf(vectors[0])
  words[0] = weight
  return { masked: meanOf(words, gridOf(1, devices.length * weight)), mean: meanOf(sum, grid) }
}

describe('private facts of one device', () => {
  it('are read from its update, some of them from a mean of four, and by chance from an update under masks', async () => {
    const recalls = await Promise.all([1, 2, 3, 4, 5].map(recallOfOne))
    const mean = (of: (recall: Recall) => number) =>
      recalls.reduce((sum, recall) => sum + of(recall), 0) / recalls.length
    // The figures of docs/secure-aggregation.md: chance is what the base says.
    expect(mean(({ base }) => base)).toBeCloseTo(0.06, 1)
    expect(mean(({ masked }) => masked)).toBeLessThanOrEqual(0.06)
    expect(mean(({ update }) => update)).toBeCloseTo(1, 1)
    expect(mean(({ sum }) => sum)).toBeCloseTo(0.45, 1)
    for (const { sum, plainMean } of recalls) expect(Math.abs(sum - plainMean)).toBeLessThanOrEqual(0.13)
  }, 300_000)
})

type Recall = Awaited<ReturnType<typeof recallOfOne>>

async function recallOfOne(seed: number) {
  const { changes, recallWith } = await trained(seed)
  const { masked, mean } = await secretly(changes, seed)
  const plain = changes[0].map((_, at) => changes.reduce((sum, own) => sum + own[at], 0) / devices.length)
  return {
    base: await recallWith(new Float32Array(mean.length)),
    update: await recallWith(changes[0]),
    sum: await recallWith(mean),
    plainMean: await recallWith(plain),
    masked: await recallWith(masked),
  }
}
