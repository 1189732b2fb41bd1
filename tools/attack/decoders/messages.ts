/** What tabs say to each other, as examples near which the messages' schemas are tried. Whatever comes in, they say yes or no. */
import type { z } from 'zod'
import { toBase64 } from '../../../src/lib/base64'
import { random } from '../../../src/lib/rng'
import { readBy } from '../../../src/lib/schema'
import { fromCoordinator, fromDevice } from '../../../src/node/wire/messages'
import { fromNeighbour } from '../../../src/node/wire/neighbourMessages'
import type { Case } from '../case'
import { fuzz } from './fuzz'
import { type Json, mutateJson } from './mutate'

const hash = 'ab'.repeat(32)
const evaluation = { loss: 2.5, tokens: 100 }
const manifest = { baseHash: hash, rank: 8, alpha: 16, targets: ['c_attn'], dtype: 'none' }
const recorded = {
  round: 1,
  version: 1,
  seconds: 2,
  bytes: 1000,
  heldOut: 2,
  train: 1.5,
  alone: 2.2,
  contributors: 2,
  trainByDevice: { a: 1 },
  aloneByDevice: { b: 2 },
  distortion: 0.1,
  lanBytes: null,
  recall: { merged: 0.5, alone: 0, base: 0, unseen: 0.2 },
  staleness: { mean: 0, largest: 1 },
}
const line = {
  key: 'a',
  peer: `TEST-d-${'1'.repeat(32)}`,
  index: 0,
  name: 'Otter',
  role: 'device',
  activity: 'idle',
  transport: 'webrtc',
  backend: 'wasm',
  step: 1,
  steps: 20,
  trainLoss: 2,
  tokensPerSecond: 100,
  roundTripMs: 3,
  bytesSent: 10,
  bytesReceived: 10,
  examples: 40,
  refused: null,
  corpus: 'facts',
  cluster: null,
  isEdge: false,
  edge: null,
  assigned: null,
}
const factors = { a: true, b: true }
/** Bytes of such lengths, in base64. */
const [publicKey, share, sealedShares] = [65, 32, 80].map((length) => toBase64(new Uint8Array(length)))
const session = '1'.repeat(32)
const hand = { publicKey, signature: toBase64(new Uint8Array(64)) }
const signature = 'c'.repeat(128)
const spent = { epsilon: 8, epsilonIfReplaced: null, updates: 3, noise: 1, clip: 0.5, isSpent: true }
const pool = [{ corpus: 'facts', first: 0, count: 2 }]
const warrant = {
  edge: 'e',
  round: 1,
  adapter: 'global',
  version: 0,
  edgeRounds: 2,
  steps: 20,
  batch: 8,
  learningRate: 0.005,
  proximal: 0,
  pool,
  signature,
}

const coordinatorSays: readonly Json[] = [
  {
    type: 'welcome',
    index: 0,
    settings: { rounds: 3, seed: 7 },
    modelHash: hash,
    history: [recorded],
    baseLoss: 3,
    baseRecall: 0,
  },
  { type: 'history', begins: true, records: [recorded] },
  {
    type: 'adapter',
    number: 1,
    adapter: 'global',
    version: 3,
    hash,
    folds: 0,
    change: { fromVersion: 2, fromHash: hash, learned: factors, afresh: false, residualBytes: 0 },
    signature,
    warrant: null,
  },
  {
    type: 'order',
    round: 1,
    adapter: 'global',
    version: 0,
    learns: factors,
    steps: 20,
    batch: 8,
    rank: 8,
    precision: null,
    learningRate: 0.005,
    proximal: 0,
    pool,
    forRound: 1,
    edge: { round: 1, turn: 1, turns: 2 },
    signature: null,
    warrant,
  },
  { type: 'trial', round: 1, adapter: 'cluster-1', version: 2 },
  { type: 'judge', round: 1, adapter: 'global', version: 2 },
  { type: 'attach', number: 1, edge: { key: 'e', peer: 'p' }, signature },
  {
    type: 'edge-order',
    number: 1,
    round: 1,
    adapter: 'global',
    version: 0,
    edgeRounds: 2,
    steps: 20,
    batch: 8,
    learningRate: 0.005,
    proximal: 0,
    deadlineMs: 60_000,
    devices: ['a', 'b'],
    pool: [],
    assigned: { a: { rank: 8, steps: 10, batch: 4, precision: 'float32' } },
    secure: { a: 64 },
    warrant: signature,
    signature,
  },
  { type: 'edge-devices', number: 1, round: 1, devices: ['a'], signature },
  { type: 'shut-out', number: 1, keys: ['a', 'b'], signature },
  { type: 'refused', round: 1, reason: 'it is NaN' },
  {
    type: 'forgotten',
    of: 'everything',
    unlearned: { kind: 'replayed', rounds: 3, steps: 12, retrainingSteps: 16, tookMs: 5 },
    before: 2,
    version: 6,
    kept: { before: 1, after: null },
  },
  { type: 'secure-begin', round: 1, session },
  {
    type: 'secure-list',
    session,
    parties: [{ device: 'a', weight: 64, cipherKey: publicKey, maskKey: publicKey, hand }],
    merger: null,
  },
  { type: 'secure-shares', session, sealed: { b: sealedShares }, range: 1 },
  { type: 'secure-unmask', session, survivors: ['a', 'b', 'c'] },
  { type: 'record', record: recorded, baseLoss: 3, baseRecall: 0 },
  {
    type: 'digest',
    number: 1,
    begins: true,
    devices: [line, { key: 'b', index: 1 }],
    gone: ['c'],
    signature,
    standing: {
      startedAtMs: 5,
      round: {
        number: 1,
        of: 3,
        stage: 'training',
        cohort: 2,
        arrived: 1,
        startedAtMs: 1,
        deadlineAtMs: null,
      },
      phase: { kind: 'paused', why: null },
    },
  },
]

export const deviceSays: readonly Json[] = [
  { type: 'ready', modelHash: hash, backend: 'wasm', device: 'cpu', examples: 40, corpus: 'facts' },
  { type: 'status', activity: 'training', round: 1, step: 3, steps: 20, loss: 2, tokensPerSecond: 100 },
  { type: 'update', round: 1, manifest, version: 0, examples: 40, loss: 2, hash },
  { type: 'tried', round: 1, adapter: 'cluster-1', loss: 2 },
  { type: 'judged', round: 1, adapter: 'global', version: 2, before: 2, after: 1.9 },
  { type: 'accounted', account: spent },
  { type: 'forget', of: 'everything', isAgain: true },
  {
    type: 'certified',
    of: 'text',
    forgotten: { texts: 2, before: { loss: 1, auc: null }, after: { loss: 2, auc: 0.5 } },
  },
  {
    type: 'forward',
    round: 1,
    manifest,
    version: 0,
    examples: 80,
    loss: 2,
    hash,
    lanBytes: 100,
    trained: { a: { loss: 2, examples: 40 } },
  },
  { type: 'enroll', number: 1 },
  { type: 'withdraw', number: 2 },
  { type: 'volunteer', isEdge: true, pass: null },
  { type: 'measured', edgeRoundTripsMs: { e: 3 }, tokensPerSecond: 10, tokensPerRow: 30, memoryBytes: null },
  { type: 'loaded', adapter: 'global', version: 1, hash },
  { type: 'lacks', adapter: 'global', version: 1 },
  {
    type: 'report',
    round: 1,
    alone: evaluation,
    aloneRecall: 0,
    own: { base: evaluation, merged: evaluation },
  },
  { type: 'rename', name: 'Anna' },
  { type: 'secure-keys', session, cipherKey: publicKey, maskKey: publicKey, hand },
  { type: 'secure-shared', session, commitment: hash, sealed: { b: sealedShares } },
  { type: 'masked', session, version: 0, examples: 40, loss: 2, hash, within: null },
  { type: 'secure-told', session, ofMasks: { a: share }, ofKeys: { b: share } },
  { type: 'secure-refusal', session, reason: 'too few' },
]

const neighbourSays: readonly Json[] = [
  {
    type: 'news',
    entries: [
      {
        key: 'a',
        peer: 'p',
        name: 'Otter',
        openedAtMs: 1,
        stamp: 2,
        isPresent: true,
        index: 0,
        modelHash: hash,
        backend: 'wasm',
        examples: 40,
        corpus: 'facts',
        activity: 'idle',
        round: 1,
        version: 1,
        step: 0,
        steps: 20,
        trainLoss: 2,
        tokensPerSecond: 10,
      },
    ],
    agreement: { settings: { rounds: 3 }, stamp: 1, openedAtMs: 1, by: 'a' },
    order: { command: 'start', stamp: 1 },
  },
  { type: 'announcement', version: 1, hash, degree: 2, share: 0.5 },
  { type: 'pull', version: 1 },
  { type: 'adapter', version: 1, hash, folds: 0 },
  { type: 'share-taken', version: 1 },
]

type Union = z.ZodDiscriminatedUnion<readonly z.ZodObject<{ readonly type: z.ZodLiteral<string> }>[], 'type'>

const kindOf = (example: Json): string => (example as { readonly type: string }).type

const schemaOf = (name: string, schema: Union, examples: readonly Json[]): Case[] => [
  near(`messages of ${name}`, schema, examples),
  {
    name: `examples of messages of ${name}`,
    isLong: false,
    limitMs: 10_000,
    run: async () => ({
      runs: examples.length,
      violations: [
        ...examples
          .filter((example) => !readBy(schema, example).success)
          .map((example) => `an honest message is not understood: ${JSON.stringify(example).slice(0, 200)}`),
        ...schema.options
          .map((option) => option.shape.type.value)
          .filter((kind) => !examples.some((example) => kindOf(example) === kind))
          .map((kind) => `“${kind}” has no example here, so it was never tried`),
      ].map((what) => ({ what })),
    }),
  },
]

/** Messages near these. */
const near = (name: string, schema: Union, examples: readonly Json[], isLong = false): Case =>
  fuzz<Json>({
    name,
    declared: [],
    isLong,
    draw: (dice) => mutateJson(dice, dice.pick(examples)),
    decode(message) {
      const parsed = readBy(schema, message)
      return parsed.success &&
        JSON.stringify(parsed.data).length > 4 * (JSON.stringify(message) ?? '').length + 1000
        ? ['what is read is larger than what came']
        : undefined
    },
  })

/** Of what trust rests on each kind by itself, as often as all others together. */
const trusted = /^(secure-.*|masked|forget|forgotten|certified|judge|judged|shut-out|accounted)$/
const eachTrusted = (name: string, schema: Union, examples: readonly Json[]): Case[] =>
  examples
    .filter((example) => trusted.test(kindOf(example)))
    .map((example) => near(`“${kindOf(example)}” of ${name}`, schema, [example], true))

export const messages: readonly Case[] = [
  ...schemaOf('a coordinator', fromCoordinator, coordinatorSays),
  ...schemaOf('a device', fromDevice, deviceSays),
  ...schemaOf('a neighbour', fromNeighbour, neighbourSays),
  ...eachTrusted('a coordinator', fromCoordinator, coordinatorSays),
  ...eachTrusted('a device', fromDevice, deviceSays),
]

/** A message near an honest one, for members that lie. */
export const oddDeviceMessage = (seed: number, ...labels: (string | number)[]): Json => {
  const dice = random(seed, 'odd message', ...labels)
  return mutateJson(dice, dice.pick(deviceSays))
}
