/**
 * `generate`: a prompt's continuation by the base or with an adapter, alone or by several nodes of a room in this process, some of
 * which may die meanwhile. One line of JSON.
 */
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { baseNamed, unreadTexts } from '../corpora/pretraining'
import { askInRoom, type Outcome } from '../lab/reasoning/room/asking'
import { openNodes } from '../lab/reasoning/room/nodes'
import { openReasoningRoom } from '../lab/reasoning/room/room'
import { type Adapter, adapterHash, atScale, encodeAdapter } from '../model/adapter'
import type { ModelConfig } from '../model/config'
import { tabClock } from '../network/time/clock'
import { codecNames } from '../reasoning/core/codecs'
import { modeNames } from '../reasoning/mode'
import { continueAlone } from '../reasoning/soliloquy'
import { dated, talesOf } from '../reasoning/told'
import { usualWish } from '../reasoning/usual'
import { findDirectory } from '../training/headless'
import { readAdapter, readDraftAdapter } from './adapterFiles'
import {
  backend,
  counting,
  fraction,
  list,
  notNegative,
  parseFlags,
  precision,
  repeated,
  text,
  UsageError,
  whole,
  wholeUpTo,
} from './flags'
import { readCaps, readKills, readLink } from './links'
import { printLine } from './output'
import { readViews } from './views'
import { readWeights } from './weights'

const flags = z.object({
  model: text,
  adapter: repeated(text),
  draftAdapter: text.optional(),
  weights: list.optional(),
  prompt: text,
  tokens: counting.default(32),
  temperature: notNegative.default(0),
  seed: whole.default(0),
  topK: whole.default(0),
  topP: fraction.default(1),
  stop: list.optional(),
  mode: z.enum(modeNames, `must be one of ${modeNames.join(', ')}`).default('alone'),
  nodes: counting.optional(),
  kill: repeated(text),
  cap: repeated(text),
  link: text.optional(),
  leastWeight: notNegative.default(usualWish.leastWeight),
  codec: z.enum(codecNames, `must be one of ${codecNames.join(', ')}`).default(usualWish.codec),
  draft: z.union([z.literal('auto'), whole], 'must be a number of tokens, or auto').default('auto'),
  risk: fraction.default(usualWish.risk),
  exit: notNegative.optional(),
  view: repeated(z.string()),
  tiers: wholeUpTo(3)
    .pipe(z.union([z.literal(2), z.literal(3)], 'must be 2 or 3'))
    .default(usualWish.tiers),
  backend,
  precision,
})
type Flags = z.output<typeof flags>

export const usage = `generate --model DIR [--adapter DIR]… [--weights W,…] --prompt TEXT --tokens N --temperature X --seed S [--top-k K] [--top-p P] [--stop WORD,…] [--mode ${modeNames.join('|')} --nodes N [--kill NODE@TOKEN]… [--link rtt=MS,jitter=SHARE,loss=SHARE,mbps=X] [--cap NODE=LAYERS]… [--least-weight W] [--draft N|auto] [--draft-adapter DIR] [--risk X] [--exit X] [--tiers 2|3] [--view TEXT|@PNG|@@TEXT]… [--codec float32|float16|int8]] [--backend wasm|cpu|webgpu] [--precision float32|float16|int8|nf4]`

/** Time on a virtual clock, so that tokens a second under stated links are the same on every machine. */
const millisecondsPerLayer = 1

export async function generate(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const { config, tokenizer, load } = await findDirectory(
    wish.model,
    wish.backend,
    wish.precision,
    null,
    availableParallelism(),
  )
  if (tokenizer.encode(wish.prompt).length === 0)
    throw new UsageError(
      `--prompt ${JSON.stringify(wish.prompt)} has no token. Give the model something to continue.`,
    )
  if (wish.topK > config.vocabulary)
    throw new UsageError(
      `--top-k ${wish.topK} is more than the model's ${config.vocabulary} tokens. Lower it.`,
    )
  const views = await readViews(wish, { config, tokenizer })
  const isTogether = wish.mode !== 'alone' || (wish.nodes ?? 1) > 1
  if (!isTogether && (wish.kill.length > 0 || wish.cap.length > 0 || wish.link !== undefined))
    throw new UsageError('--kill, --cap and --link speak of several nodes. Give --mode and --nodes, too.')
  const adapters = await Promise.all(wish.adapter.map((directory) => readAdapter(directory, config)))
  const draft = wish.draftAdapter === undefined ? null : await draftOf(wish, wish.draftAdapter, config)
  if (isTogether) return printLine(await together(wish, { views, adapters, draft }))

  if (adapters.length > 1) throw new UsageError('Several adapters need --mode ensemble or --mode mixture.')
  const [adapter = null] = adapters
  await load()
  const [node] = await openNodes({
    ...wish,
    count: 1,
    caps: new Map(),
    own: [],
    merged: adapter,
    millisecondsPerLayer,
  })
  const bytes = adapter && encodeAdapter(adapter)
  const { temperature, topK, topP, stop = [], tokens, seed, prompt } = wish
  const asked = { temperature, topK, topP, stop, tokens, seed, prompt, adapter: bytes }
  const generation = await continueAlone(node.sessions, asked, tabClock())
  printLine({ ...generation, backend: node.backend })
}

type Draft = Awaited<ReturnType<typeof readDraftAdapter>>

/** In these modes the asker, which is node 0, guesses. */
const guessing: readonly Flags['mode'][] = ['speculative', 'cascade', 'multi-access']

async function draftOf(
  { mode, cap, nodes = 3 }: Flags,
  directory: string,
  model: ModelConfig,
): Promise<Draft> {
  if (!guessing.includes(mode))
    throw new UsageError(`--draft-adapter means nothing with --mode ${mode}. Choose ${guessing.join(', ')}.`)
  const draft = await readDraftAdapter(directory, model)
  const most = readCaps(cap, nodes).get(0) ?? model.layers
  if (draft.layers > most)
    throw new UsageError(
      `--draft-adapter ${directory} was trained on the first ${draft.layers} layers, and node 0, which guesses, may hold ${most}. Raise --cap 0=${most}.`,
    )
  return draft
}

interface Given {
  /** By node; null: it sees nothing. */
  readonly views: readonly (string | null)[]
  readonly adapters: readonly Adapter[]
  readonly draft: Draft | null
}

async function together(wish: Flags, { views, adapters, draft }: Given) {
  const { mode, stop = [] } = wish
  const nodes = wish.nodes ?? Math.max(3, views.length)
  // Where the tabs answer with what each has learned, each may be given its own.
  const isShared = mode !== 'ensemble' && mode !== 'mixture' && wish.tiers === 2
  if ((mode === 'ensemble' || mode === 'mixture') && adapters.length < 2)
    throw new UsageError(`--mode ${mode} needs several adapters. Give --adapter DIR for each.`)
  if (isShared && adapters.length > 1)
    throw new UsageError(`--mode ${mode} runs one adapter on all nodes. Give --adapter once.`)
  if (!isShared && adapters.length > nodes)
    throw new UsageError(`There are ${adapters.length} adapters for ${nodes} nodes. Raise --nodes.`)
  const merged = isShared ? (adapters[0] ?? null) : null
  const kills = readKills(wish.kill, nodes)
  const opened = await openNodes({
    ...wish,
    count: nodes,
    caps: readCaps(wish.cap, nodes),
    own: isShared ? [] : adapters,
    merged,
    millisecondsPerLayer,
  })
  const { scale } = opened[0]
  const draftAdapter = draft && { bytes: encodeAdapter(atScale(draft.adapter, scale)), layers: draft.layers }
  const shared = merged && { hash: adapterHash(merged), bytes: encodeAdapter(merged) }
  const room = await openReasoningRoom({
    seed: wish.seed,
    link: readLink(wish.link),
    nodes: opened.map((node, index) => ({ ...node, view: views[index] })),
    merged: shared,
    heldOut: () => unreadTexts(baseNamed(wish.model) ?? 'seedling'),
  })
  const weights = readWeights(wish.weights, adapters.length)
  const outcome = await askInRoom(
    room,
    {
      ...usualWish,
      ...wish,
      ...verticalOf(wish),
      stop,
      stages: nodes,
      weights,
      adapter: shared,
      draftAdapter,
    },
    kills,
  )
  room.close()
  const { fingerprint } = await opened[0].sessions.arithmetic()
  const { text, ids, hash, virtualSeconds } = outcome
  return {
    text,
    ids,
    hash,
    tokensPerSecond: ids.length / Math.max(virtualSeconds, 1e-9),
    backend: opened[0].backend,
    stats: statsOf(mode, outcome, fingerprint, (id) => room.tabs.findIndex((tab) => tab.id === id)),
  }
}

/** What is said of drafts, doubt and edges. */
const verticalOf = ({ draft, exit, codec, risk, tiers }: Flags) => ({
  draft: draft === 'auto' ? null : draft,
  doubt: exit ?? null,
  codec,
  risk,
  tiers,
})

/** What does not apply to a mode is null. */
function statsOf(
  mode: Flags['mode'],
  { recoveries, replayedTokens, bytes, ids, said, shares, virtualSeconds }: Outcome,
  fingerprint: string,
  nodeOf: (id: string) => number,
) {
  const { ways, contradictions } = talesOf(mode, dated(said))
  return {
    recoveries,
    replayedTokens,
    bytesPerToken: bytes / Math.max(1, ids.length),
    ...shares,
    ways,
    contradictions:
      contradictions?.map(({ between, ...rest }) => ({
        ...rest,
        between: between.map(({ id, word }) => ({ node: nodeOf(id), word })),
      })) ?? null,
    virtualSeconds,
    fingerprint,
  }
}
