/**
 * The engine: `Compute` over a loaded model. It holds what belongs to one node, its shelves of text, its optimizers, and
 * the wish to stop, and nothing else; models are given to it, so several engines can share one. No worker globals: the
 * same code runs in a tab's worker (`worker.ts`) and in Node (`headless.ts`).
 */
import type { Example } from '../corpora/example'
import {
  type Adapter,
  type AdapterConfig,
  atRank,
  decodeAdapter,
  encodeAdapter,
  foldedPrefix,
} from '../model/adapter'
import type { ModelConfig } from '../model/config'
import { onAllLayers } from '../model/depth'
import type { LanguageModel } from '../model/languageModel'
import { initialAdapter } from '../model/lora'
import { isWhole } from '../model/stretch'
import type { Tokenizer } from '../model/tokenizer'
import { answerProbes } from './answer'
import { type Batch, evaluationBatches, longestRow, shuffledBatches } from './batches'
import type { Compute, LoadProgress, TrainRequest } from './compute'
import { evaluate } from './evaluate'
import { narrowed, stillOutside, widened } from './folded'
import { bytesPerRow } from './footprint'
import { inputsOf } from './inputs'
import { adapterFor, keepLoaded, type Persist, type Surroundings } from './loaded'
import { trainPrivately } from './privately'
import { countedTokens, type Row, rowsOfExamples } from './rows'
import { openSessions } from './sessions'
import { type Checkpoint, type OptimizerState, type Trained, type Training, train } from './train'
import { turnsOf } from './turns'

interface Course {
  readonly batches: Iterator<Batch, never>
  readonly optimizer: OptimizerState | null
}

/** A run that lost its GPU goes on from its last checkpoint. */
function trainPersistently(persist: Persist, training: Omit<Training, 'model'>): Promise<Trained> {
  let checkpoint: Checkpoint | null = null
  return persist((model) => {
    const { stepsDone = 0, ...resumed } = checkpoint ?? {}
    return train({
      ...training,
      ...resumed,
      model,
      steps: training.steps - stepsDone,
      onStep: ({ step, ...report }) => training.onStep?.({ step: step + stepsDone, ...report }),
      onCheckpoint: (newer) => {
        checkpoint = { ...newer, stepsDone: newer.stepsDone + stepsDone }
      },
    })
  })
}

export function createEngine(surroundings: Surroundings): Compute {
  const loaded = keepLoaded(surroundings)
  const { current, whole, persist } = loaded
  const shelves = new Map<string, readonly Row[]>()
  /** Training runs that may be taken up again, by the name that `continueAs` gives. */
  const courses = new Map<string, Course & { readonly shelf: string }>()
  const turns = turnsOf()
  let stopsAsked = 0

  const rowsOf = (shelf: string): readonly Row[] => {
    const rows = shelves.get(shelf)
    if (!rows) throw new Error(`There is no text on the shelf "${shelf}". Hold some first.`)
    return rows
  }
  const decode = (bytes: Uint8Array | null): Adapter | null =>
    bytes && widened(decodeAdapter(bytes, current().adapter))

  return {
    async open(request, onProgress = () => {}) {
      const { batch, examples = [] } = request
      const { model, adapter, speaker } = await loaded.open(
        request,
        onProgress,
        async (model, onProgress) => {
          if (batch === undefined || !trainsWhole(model) || examples.length === 0) return
          const rows = rowsOfExamples(model.tokenizer, examples, longestRow(model.config.contextLength))
          await compileFor(model, adapterFor(model, request), rows, batch, onProgress)
        },
      )
      const initial = initialAdapter(model.config, adapter, request.seed)
      shelves.clear()
      courses.clear()
      return {
        backend: model.backend,
        device: model.machine.device,
        speaksOn: speaker === model ? null : speaker.backend,
        precision: model.format,
        bytesPerRow: bytesPerRow(model.config),
        modelHash: model.hash,
        parameters: model.parameters,
        contextLength: model.config.contextLength,
        adapter,
        initialAdapter: encodeAdapter(initial),
      }
    },

    async hold(shelf, examples, onProgress = () => {}) {
      const { model, request, adapter } = whole()
      const { tokenizer, config } = model
      const rows = tokenised(tokenizer, examples, longestRow(config.contextLength), onProgress)
      if (rows.length === 0) throw new Error('This text is empty: nothing in it can be predicted. Add some.')
      shelves.set(shelf, rows)
      for (const [name, course] of courses) if (course.shelf === shelf) courses.delete(name)
      if (trainsWhole(model) && request.batch !== undefined)
        await compileFor(model, adapter, rows, request.batch, onProgress)
      return {
        examples: examples.length,
        rows: rows.length,
        tokens: rows.reduce((sum, row) => sum + countedTokens(row), 0),
      }
    },

    async train(request, onProgress) {
      const { shelf, steps, learningRate, continueAs, slow, learns, proximal } = request
      const { maxGradientNorm, checkpointing, privacy } = request
      const { model, adapter } = current()
      const config = atRank(adapter, request.rank ?? adapter.rank)
      const asked = stopsAsked
      const kept = continueAs === null ? undefined : courses.get(continueAs)
      const course = kept ?? freshCourse(request, model.config.contextLength, rowsOf)
      const start = widened(decodeAdapter(request.adapter, config))
      const optimizer = course.optimizer ?? stillOutside(config, start, model.config)
      const common: Omit<Training, 'model' | 'batches'> = {
        adapter: start,
        optimizer,
        steps,
        learningRate,
        learns,
        proximal,
        maxGradientNorm,
        checkpointing,
        anchor: start,
        stopped: () => stopsAsked !== asked,
        free: turns.free,
        onStep: ({ step, ...report }) => onProgress?.({ step: step + 1, steps, ...report }),
      }
      const trained = privacy
        ? await persist((model) => trainPrivately({ ...common, model, rows: rowsOf(shelf), privacy }))
        : await trainPersistently(persist, { ...common, batches: course.batches, slow })
      if (continueAs !== null)
        courses.set(continueAs, { batches: course.batches, optimizer: trained.optimizer, shelf })
      const { rows, tokens, seconds, loss } = trained
      return {
        adapter: encodeAdapter(narrowed(trained.adapter, config)),
        examples: rows,
        tokens,
        seconds,
        loss,
      }
    },

    async evaluate(adapter, shelf) {
      const batches = evaluationBatches(rowsOf(shelf), current().model.config.contextLength)
      const { loss, tokens } = await persist((model) => evaluate(model, decode(adapter), batches))
      return { loss, tokens }
    },

    answer: (adapter, probes) => persist((model) => answerProbes(model, decode(adapter), probes)),

    sessions: openSessions({
      model: () => current().speaker,
      modelFor: (stretch, inUse) => loaded.modelFor(stretch, inUse),
      decode: (bytes) => bytes && asItIs(decodeAdapter(bytes, current().adapter), current().model.config),
      replace: loaded.replace,
      turns,
    }),

    async stop() {
      stopsAsked++
    },
  }
}

function freshCourse(
  { shelf, batch, seed, rehearsal }: TrainRequest,
  contextLength: number,
  rowsOf: (shelf: string) => readonly Row[],
): Course {
  const again = rehearsal ? { rows: rowsOf(rehearsal.shelf), weight: rehearsal.weight } : null
  return { batches: shuffledBatches(rowsOf(shelf), batch, contextLength, seed, again), optimizer: null }
}

const reportEveryMs = 500

/** Reports as it goes: whoever waits cannot tell otherwise whether a tokenizer still moves. */
function tokenised(
  tokenizer: Tokenizer,
  examples: readonly Example[],
  time: number,
  onProgress: (progress: LoadProgress) => void,
): Row[] {
  const rows: Row[] = []
  let reportedAtMs = performance.now()
  for (const [done, example] of examples.entries()) {
    for (const row of rowsOfExamples(tokenizer, [example], time)) rows.push(row)
    if (performance.now() - reportedAtMs < reportEveryMs) continue
    reportedAtMs = performance.now()
    onProgress({ stage: 'tokenising', done, total: examples.length })
  }
  return rows
}

/** Whether programs for training are worth compiling before they are asked for. */
const trainsWhole = ({ backend, part, config }: LanguageModel): boolean =>
  backend === 'webgpu' && isWhole(part, config)

/** Compiles the training step for rows of the most frequent length, while somebody waits for it anyway. */
async function compileFor(
  model: LanguageModel,
  adapter: AdapterConfig,
  rows: readonly Row[],
  batch: number,
  onProgress: (progress: LoadProgress) => void,
): Promise<void> {
  const [first] = evaluationBatches(rows.slice(0, batch), model.config.contextLength)
  const both = { learns: { a: true, b: true }, checkpointing: false, proximal: false, clips: false }
  await model.use(adapter, (workspace) =>
    workspace.training(inputsOf(first).shape, both, (done, total) =>
      onProgress({ stage: 'compiling', done, total }),
    ),
  )
}

/**
 * An adapter that was put together from others has as many ranks as all of them; one that was trained for a draft adapts the first
 * layers alone, and may have other targets.
 */
function asItIs({ config, tensors }: Adapter, model: ModelConfig): Adapter {
  const [rank] = [...tensors].find(([name]) => isOwnA(name))?.[1].shape ?? [config.rank]
  return onAllLayers(widened({ config: atRank(config, rank), tensors }), model)
}
const isOwnA = (name: string): boolean => name.endsWith('.lora_A.weight') && !name.startsWith(foldedPrefix)
