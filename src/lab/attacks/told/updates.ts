/**
 * What there is to look into for whoever merges: four devices train on private facts of their own, one round of a room's usual steps,
 * and each sends what it has learned. Each is looked at in turn: its update as it is; the sum of the four, which is all that is seen where
 * they send under masks (secure aggregation, docs/secure-aggregation.md); its update under noise; the sum of four where each device
 * adds its share of the noise, as if it trusted two others to add theirs. The protocol, the clipping and the noise are a room's own; keys and noise follow from the seed,
 * which in a room they never do.
 *
 * A look is an adapter: the base with that change added, which whoever merges can ask whatever it likes.
 */
import type { Example, Share } from '../../../corpora/example'
import { only } from '../../../federation/aggregation/global/downlink'
import { float32Difference, moved } from '../../../federation/aggregation/global/mean'
import type { Delta } from '../../../federation/aggregation/types'
import { shapesOf, tensorsOf, vectorOf } from '../../../federation/compression/vector'
import { noised, shareOfNoise } from '../../../federation/privacy/noise'
import { secureClient } from '../../../federation/secure/client'
import { leastTogether } from '../../../federation/secure/graph'
import { wordsOf } from '../../../federation/secure/masks'
import { gridOf, meanOf } from '../../../federation/secure/quantising'
import { secureServer } from '../../../federation/secure/server'
import { bytesFrom } from '../../../lib/unguessable'
import { decodeAdapter, encodeAdapter } from '../../../model/adapter'
import type { TensorMap } from '../../../model/safetensors'
import { seededIdentities } from '../../../network/identity/seeded'
import { shareFor } from '../../../node/local/shares'
import { adapterConfigOf } from '../../../settings/derived/adapter'
import { defaultSettings } from '../../../settings/reading'
import type { Compute } from '../../../training/compute'
import { createEngine } from '../../../training/engine'
import type { Site } from '../attack'

const devices = [0, 1, 2, 3]
/** What a room of private facts is opened with (`preset=facts`). */
const settings = { ...defaultSettings, localSteps: 20, batch: 8, lr: 5e-3 }
const weight = 64
const firstStranger = 1000
/** z and the clip under which a change of this size tells nothing, in docs/privacy.md. */
const [noise, clip] = [0.3, 1]

/** What whoever merges may get to see of a device. */
export type View = 'nothing' | 'update' | 'sum' | 'noised' | 'noised-sum'

export interface Updates {
  readonly compute: Compute
  /** Each device's text. */
  readonly shares: readonly Share[]
  /** Texts of the same kind, as many, of nobody in the room. */
  readonly strangers: readonly Example[]
  /** Each device's change. */
  readonly changes: readonly Float32Array[]
  /** The base with this change added to it. */
  withChange(change: ArrayLike<number>): Uint8Array
  look(view: View, device: number): Promise<Uint8Array>
}

export async function openUpdates({ seed, model, load }: Site): Promise<Updates> {
  const compute = createEngine({ load })
  const opened = await compute.open({ model, backend: 'wasm', adapter: adapterConfigOf(settings), seed })
  const initial = decodeAdapter(opened.initialAdapter, opened.adapter)
  const shareAt = (index: number) => shareFor({ seed, partition: 'iid' }, { corpus: 'facts', index })
  const deltas: TensorMap[] = []
  const shares = devices.map(shareAt)
  for (const [device, { train }] of shares.entries()) {
    await compute.hold('train', train)
    const { localSteps: steps, batch, lr: learningRate } = settings
    const request = { shelf: 'train', steps, batch, learningRate, slow: 1, seed: device, continueAs: null }
    const { adapter } = await compute.train({ ...request, adapter: opened.initialAdapter })
    const end = decodeAdapter(adapter, opened.adapter).tensors
    deltas.push(float32Difference(only(end, { a: true, b: true }), initial.tensors))
  }
  const changes = deltas.map(vectorOf)
  const shapes = shapesOf(initial.tensors)
  const withChange = (change: ArrayLike<number>) =>
    encodeAdapter(moved(initial, tensorsOf(Float32Array.from(change), shapes)))
  const secretly = async (some: readonly Float32Array[]) => (await maskedSum(some, seed)).mean
  const { randomBytes } = seededIdentities(seed)('noise')
  /** Each has chance of its own. */
  const hidden = (delta: Delta, together: number): Float32Array => {
    const deviation = shareOfNoise(noise, clip, together)
    return vectorOf(noised(delta, clip, deviation, bytesFrom(randomBytes(32))).delta)
  }

  let sum: Promise<ArrayLike<number>> | null = null
  let hiddenSum: Promise<ArrayLike<number>> | null = null

  async function changeIn(view: View, device: number): Promise<ArrayLike<number>> {
    switch (view) {
      case 'nothing':
        return new Float32Array(changes[0].length)
      case 'update':
        return changes[device]
      case 'sum':
        sum ??= secretly(changes)
        return sum
      case 'noised':
        return hidden(deltas[device], 1)
      case 'noised-sum':
        hiddenSum ??= secretly(deltas.map((delta) => hidden(delta, leastTogether)))
        return hiddenSum
    }
  }
  return {
    compute,
    shares,
    strangers: devices.flatMap((device) => shareAt(firstStranger + device).train),
    changes,
    withChange,
    look: async (view, device) => withChange(await changeIn(view, device)),
  }
}

/**
 * A whole round of the protocol among these devices, of equal weight.
 * @returns what the coordinator gets of the first one, read as if it were no secret, and the mean that it unmasks
 */
export async function maskedSum(changes: readonly Float32Array[], seed: number) {
  const cryptography = seededIdentities(seed)
  const names = changes.map((_, device) => `d${device}`)
  const server = secureServer(cryptography('server'))
  const clients = await Promise.all(names.map((name) => secureClient(name, cryptography(name))))
  for (const [at, client] of clients.entries()) server.takeKeys(names[at], client.keys)
  const parties = names.map((device) => ({ device, weight }))
  const roster = server.close(parties, null)
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
  return { masked: meanOf(words, gridOf(1, changes.length * weight)), mean: meanOf(sum, grid) }
}
