/** For tests: a tiny random GPT-2 that many tabs can share, and rooms of them. */

import { random } from '../../../lib/rng'
import { type Adapter, encodeAdapter } from '../../../model/adapter'
import { parseConfig } from '../../../model/config'
import { initialAdapter } from '../../../model/lora'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../../../model/safetensors'
import { weightSlots } from '../../../model/weights'
import type { DraftAdapter } from '../../../reasoning/mode'
import type { Wish } from '../../../reasoning/participant'
import { usualWish } from '../../../reasoning/usual'
import type { Compute } from '../../../training/compute'
import { createEngine } from '../../../training/engine'
import type { ModelFacts, Sessions } from '../../../training/session'
import { openOn, randomModelFiles } from '../../../training/testing'
import { openNodes } from './nodes'
import type { NodeParts, RoomParts } from './room'

/** Four layers of width 32 over 64 tokens, and 192 positions. */
const micro = { n_layer: 4, n_embd: 32, n_inner: 64, n_head: 2, n_positions: 192, n_ctx: 192 }
export const adapterConfig = { rank: 2, alpha: 4, targets: ['c_attn', 'c_proj', 'c_fc'] }

function microFiles(): ReadonlyMap<string, Uint8Array> {
  const { config, tokenizer } = randomModelFiles()
  const own = { ...(config as object), ...micro }
  const { next } = random(11, 'micro')
  const weights: TensorMap = new Map(
    weightSlots(parseConfig(own))
      .flatMap(({ tensors }) => tensors)
      .map(({ name, shape }) => {
        const size = shape.reduce((product, side) => product * side, 1)
        const isGain = name.endsWith('weight') && shape.length === 1
        const data = Float32Array.from({ length: size }, () => (isGain ? 1 : 0) + 0.5 * (next() - 0.5))
        return [name, { shape, data }]
      }),
  )
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  return new Map([
    ['config.json', text(own)],
    ['tokenizer.json', text(tokenizer)],
    ['model.safetensors', encodeSafetensors(weights)],
  ])
}

/** An engine on the tiny model. @param mostLayers as many as it may hold */
export async function microEngine(mostLayers?: number, machine = 'wasm'): Promise<Compute> {
  const files = microFiles()
  const compute = createEngine({ load: ({ depth }, __, how) => openOn(machine, files, { ...how, depth }) })
  await compute.open({ model: 'micro', backend: 'wasm', adapter: adapterConfig, seed: 1, mostLayers })
  return compute
}

/** An adapter that changes what the model says, another for each seed. */
export function someAdapter(seed: number): Uint8Array {
  const { config } = randomModelFiles()
  const { next } = random(seed, 'adapter')
  const initial: Adapter = initialAdapter(
    parseConfig({ ...(config as object), ...micro }),
    adapterConfig,
    seed,
  )
  const tensors = [...initial.tensors].map(
    ([name, { shape, data }]) =>
      [name, { shape, data: data.map((value) => value + 0.4 * (next() - 0.5)) }] as const,
  )
  return encodeAdapter({ ...initial, tensors: new Map(tensors) })
}

/** What a room might have learned on the first layers alone, another for each seed. */
export function someDraft(seed: number, layers: number): DraftAdapter {
  const { tensors } = decodeSafetensors(someAdapter(seed))
  const isIn = (name: string) => Number(/\.h\.(\d+)\./.exec(name)![1]) < layers
  return { layers, bytes: encodeSafetensors(new Map([...tensors].filter(([name]) => isIn(name)))) }
}

export const someWish: Wish = {
  ...usualWish,
  prompt: 'the sea',
  mode: 'alone',
  tokens: 40,
  temperature: 0.9,
  seed: 7,
  leastWeight: 0,
  stages: 9,
  adapter: null,
}

export const nearby: RoomParts['link'] = {
  delayMs: 5,
  jitter: 0,
  loss: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
}

export const someNodes = (compute: Compute, count: number): NodeParts[] =>
  Array.from({ length: count }, () => ({ sessions: compute.sessions, millisecondsPerLayer: 2 }))

/** A tab that may hold so many layers, and loads no others. */
export async function capped(layers: number): Promise<NodeParts> {
  const compute = await microEngine(layers)
  return { sessions: compute.sessions, millisecondsPerLayer: 2, mostLayers: layers }
}

/** An engine that gives wrong rows for other tabs' texts from a position on. */
export const lying = (sessions: Sessions, fromRow: number): Sessions => ({
  ...sessions,
  async pass(request) {
    const passed = await sessions.pass(request)
    const count = passed.kind === 'hidden' ? passed.hidden.length / 32 : 0
    const isReached = request.at + count > fromRow
    // Its own texts begin with ids: what is read there are no floats.
    if (passed.kind !== 'hidden' || !(request.input instanceof Float32Array) || !isReached) return passed
    return { ...passed, hidden: passed.hidden.map((number) => number * 1.01) }
  },
})

/**
 * An engine that claims to have found every word of a text certain, and then one that it chose itself: token `toToken(at)` at
 * place `at`.
 */
export const knowingAll = (sessions: Sessions, toToken: (at: number) => number): Sessions => ({
  ...sessions,
  async pass(request) {
    const passed = await sessions.pass(request)
    if (passed.kind !== 'masses' || request.input instanceof Float32Array) return passed
    const ids = request.input
    const certain = (id: number) => ({ ids: [id], halves: [0x3c00], tail: 0 })
    const masses = passed.masses.map((_, row) => certain(ids[row + 1] ?? toToken(request.at + ids.length)))
    return { ...passed, masses }
  },
})

export const otherFacts = (sessions: Sessions, change: Partial<ModelFacts>): Sessions => ({
  ...sessions,
  facts: async () => ({ ...(await sessions.facts()), ...change }),
})

/** An engine on the default base. */
export async function seedlingSessions(): Promise<Sessions> {
  const setting = { backend: 'wasm', precision: 'auto', caps: new Map(), own: [], merged: null } as const
  const wish = { ...setting, model: 'public/models/seedling', count: 1, millisecondsPerLayer: 1 }
  const [{ sessions }] = await openNodes(wish)
  return sessions
}

/** The same engine, and which of its sessions are open. */
export function countingSessions(sessions: Sessions): {
  readonly sessions: Sessions
  readonly open: ReadonlySet<number>
} {
  const open = new Set<number>()
  const counting: Sessions = {
    ...sessions,
    async openSession(request) {
      const session = await sessions.openSession(request)
      open.add(session)
      return session
    },
    async closeSession(session) {
      open.delete(session)
      await sessions.closeSession(session)
    },
  }
  return { sessions: counting, open }
}
