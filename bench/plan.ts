/** From the command line's words to what is measured; wrong words end in a sentence that says which ones are right. */
import { z } from 'zod'
import { counting, list, onOff, parseFlags, text, UsageError } from '../src/cli/flags'
import type { Backend } from './peers/peer'
import type { Counts } from './run/counters'
import type { ProfileRow } from './run/profile'
import { type Shape, type ShapeName, shapes, type Target, targets as targetNames } from './shapes'

const allPeers = {
  training: ['gossamer', 'stock', 'jax', 'nanogpt', 'gossamer-threads', 'pytorch', 'pytorch-threads'],
  generation: ['gossamer', 'stock', 'ort', 'transformers'],
} as const
export type TrainerName = (typeof allPeers.training)[number]
export type GeneratorName = (typeof allPeers.generation)[number]

/** Measured where they are named, on the processor: all its cores together, and what is no browser. */
const onlyNamed: readonly string[] = ['gossamer-threads', 'pytorch', 'pytorch-threads']

/** Which peers there are; the first is what the others' later losses or ids are compared with. */
export interface Peers {
  readonly training: readonly TrainerName[]
  readonly generation: readonly GeneratorName[]
}

/** One run of one peer. Everything in it survives a message to a worker or a process. */
export type Job = {
  readonly shape: Shape
  readonly backend: Backend
  readonly warmUp: number
  readonly steps: number
  /** Training: the next step starts before the loss of the one before is read. */
  readonly runAhead: boolean
  /** Whether each dispatch of the timed steps is timed on the GPU: their own times then say little. */
  readonly profile: boolean
  /** Whether the GPU offers no more than a phone's (run/phone.ts). */
  readonly phone: boolean
} & (
  | { readonly kind: 'training'; readonly peer: TrainerName; readonly targets: readonly Target[] }
  | { readonly kind: 'generation'; readonly peer: GeneratorName }
)

/** What a job gave. */
export interface Run {
  /** What computed, in the peer's words. */
  readonly device: string
  /** Until the peer could take its first step: start, upload. */
  readonly prepareMs: number
  /** The first step, which compiles. */
  readonly firstMs: number
  /** Training: each timed step. Generation: a token after the first, of each timed text. */
  readonly timesMs: readonly number[]
  /** Generation: until each timed text's first token, its prompt read. */
  readonly toFirstMs: readonly number[]
  /** Training: all losses, warm-up included. */
  readonly losses: readonly number[]
  /** Generation: the ids of the last text. */
  readonly ids: readonly number[]
  /** Of the last step, or per token of the last text. */
  readonly counts: Counts
  readonly gpuPeakBytes: number
  readonly wasmBytes: number
  /** Of the timed steps together; empty where none was asked for. */
  readonly profile: readonly ProfileRow[]
}

export type Answer = { readonly run: Run } | { readonly problem: string }

export interface Plan {
  readonly kind: Job['kind']
  readonly shape: Shape
  readonly backend: Backend
  readonly targets: readonly Target[]
  /** One round: every peer once, in this order. A B A B is two rounds. */
  readonly round: readonly Job[]
  readonly rounds: number
  /** Where the JSON goes; null: nowhere. */
  readonly out: string | null
  /** The folder that the program for Node goes to instead of measuring; null: measure. */
  readonly bundle: string | null
}

const choice = <Name extends string>(names: readonly Name[]) => z.enum(names, `must be ${names.join(' or ')}`)
export const shapeName = choice(Object.keys(shapes) as ShapeName[])

const flags = z.object({
  quick: onOff,
  kind: choice(['training', 'generation']).default('training'),
  shape: shapeName.default('S0'),
  prompt: counting.optional(),
  backend: choice(['wasm', 'webgpu']).default('wasm'),
  peers: list.optional(),
  targets: list.default(['c_attn']),
  warmUp: counting.optional(),
  steps: counting.optional(),
  rounds: counting.default(2),
  runAhead: onOff,
  profile: onOff,
  phone: onOff,
  out: text.optional(),
  bundle: text.optional(),
})

export const usage =
  'npm run bench -- [--quick] [--kind training|generation] [--shape S0|C1|S1|S2|S3] [--prompt N] [--backend wasm|webgpu] ' +
  '[--peers LIST] [--targets LIST] [--warm-up N] [--steps N] [--rounds N] [--run-ahead] [--profile] [--phone] [--out FILE] [--bundle FOLDER]'

/** Throws a `UsageError`. */
export function planOf(args: readonly string[], known: Peers = allPeers): Plan {
  const wish = parseFlags(flags, args)
  if (wish.prompt !== undefined && wish.kind === 'training')
    throw new UsageError(
      '--prompt is how long a prompt is read before a text is made: add --kind generation.',
    )
  const shape =
    wish.prompt === undefined ? shapes[wish.shape] : { ...shapes[wish.shape], prompt: wish.prompt }
  const large = { S2: 'GPT-2 small', S3: 'Qwen3-0.6B' } as const
  if ((wish.shape === 'S2' || wish.shape === 'S3') && wish.backend === 'wasm')
    throw new UsageError(
      `--shape ${wish.shape} is ${large[wish.shape]} and takes minutes a step without a GPU: add --backend webgpu.`,
    )
  const onProcessor = wish.peers?.find((name) => onlyNamed.includes(name))
  if (onProcessor !== undefined && wish.backend === 'webgpu')
    throw new UsageError(`${onProcessor} computes on the processor: add --backend wasm.`)
  const foreign = shape.qwen3 && wish.peers?.find((name) => name !== 'gossamer')
  if (foreign !== undefined)
    throw new UsageError(`--shape S3 is a Qwen3, which ${foreign} does not compute here: leave --peers out.`)
  const own = shape.qwen3 && ['gossamer' as const]
  if (wish.profile && (wish.backend === 'wasm' || wish.kind === 'generation'))
    throw new UsageError('--profile times the dispatches of training steps: add --backend webgpu.')
  if (wish.phone && wish.backend === 'wasm')
    throw new UsageError('--phone limits what a GPU offers: add --backend webgpu.')
  const targets = named('--targets', wish.targets, targetNames)
  const common = {
    shape,
    backend: wish.backend,
    warmUp: wish.warmUp ?? (wish.quick ? 2 : 3),
    steps: wish.steps ?? (wish.profile ? 4 : wish.quick ? 6 : 20),
    runAhead: wish.runAhead ?? false,
    profile: wish.profile ?? false,
    phone: wish.phone ?? false,
  }
  const round: Job[] =
    wish.kind === 'training'
      ? named('--peers', wish.peers, own ?? known.training).map((peer) => ({
          ...common,
          kind: 'training',
          peer,
          targets,
        }))
      : named('--peers', wish.peers, own ?? known.generation).map((peer) => ({
          ...common,
          kind: 'generation',
          peer,
        }))
  const { kind, backend, rounds, out = null, bundle = null } = wish
  return { kind, shape, backend, targets, round, rounds, out, bundle }
}

/** The given names, if they are known; without any, all that are known. */
function named<Name extends string>(
  flag: string,
  given: readonly string[] | undefined,
  known: readonly Name[],
): readonly Name[] {
  const foreign = given?.find((name) => !known.some((one) => one === name))
  if (foreign !== undefined || given?.length === 0)
    throw new UsageError(`${flag} knows no "${foreign ?? ''}". Choose from ${known.join(',')}.`)
  return (given as readonly Name[] | undefined) ?? known.filter((name) => !onlyNamed.includes(name))
}
