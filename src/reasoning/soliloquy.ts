/** One tab by itself: a text for whoever needs no others, with any adapter. The same mode, the same ends of a text, as in a room. */
import type { Clock } from '../network/time/clock'
import type { Sessions } from '../training/session'
import { type Answer, hashOfIds } from './ask'
import { takePart, type Wish } from './participant'
import type { Links } from './ports'
import { usualWish } from './usual'

export interface Soliloquy {
  readonly prompt: string
  readonly tokens: number
  readonly temperature?: number
  readonly seed: number
  readonly topK?: number
  readonly topP?: number
  readonly stop?: readonly string[]
  /** Canonical safetensors bytes; null: the frozen base. */
  readonly adapter: Uint8Array | null
}

export interface Generation extends Answer {
  /** SHA-256 of the ids as u32 little-endian. */
  readonly hash: string
  readonly tokensPerSecond: number
}

const nobody: Links = {
  self: 'this tab',
  members: () => [],
  gather: async () => {},
  write() {},
  send() {},
  on: () => () => {},
}

/** Throws where the prompt has no token. */
export async function continueAlone(
  sessions: Sessions,
  { adapter, ...wish }: Soliloquy,
  clock: Clock,
): Promise<Generation> {
  const facts = await sessions.facts()
  const participant = takePart({
    self: { facts, arithmetic: { fingerprint: '', millisecondsPerLayer: 1 }, mostLayers: facts.layers },
    sessions,
    links: nobody,
    clock,
    adapter: () => null,
    heldOut: async () => [],
    view: () => null,
    strain: () => null,
    ownAdapter: () => null,
    lentAdapter: () => null,
  })
  const asked: Wish = {
    ...usualWish,
    ...wish,
    mode: 'alone',
    adapter: adapter && { hash: '', bytes: adapter },
  }
  const beganAtMs = clock.now()
  let answer: Answer = { text: '', ids: [] }
  try {
    for await (const heard of participant.ask(asked, new AbortController().signal))
      answer = heard.answer ?? answer
  } finally {
    participant.close()
  }
  const seconds = (clock.now() - beganAtMs) / 1000
  const { text, ids } = answer
  return { text, ids, hash: hashOfIds(ids), tokensPerSecond: ids.length / Math.max(seconds, 1e-9) }
}
