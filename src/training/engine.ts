/**
 * The engine: `Compute` over a loaded model. It holds what belongs to one node, its shelves of text, its optimizers, and
 * the wish to stop, and nothing else; models are given to it, so several engines can share one. No worker globals: the
 * same code runs in a tab's worker (`worker.ts`) and in Node (`headless.ts`).
 */
import { type Adapter, type AdapterConfig, decodeAdapter, encodeAdapter } from '../model/adapter'
import type { Gpt2 } from '../model/gpt2'
import { initialAdapter } from '../model/lora'
import { answerProbes } from './answer'
import { type Batch, evaluationBatches, longestRow, shuffledBatches } from './batches'
import type { Compute, LoadProgress, OpenRequest } from './compute'
import { evaluate } from './evaluate'
import { generateText } from './generateText'
import { countedTokens, type Row, rowsOfExamples } from './rows'
import { type OptimizerState, type Trained, train } from './train'
import { warmUp } from './warmUp'

/** What differs between a tab and Node: where a model comes from. */
export interface Surroundings {
  load(
    request: OpenRequest,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<{ readonly model: Gpt2; readonly device: string }>
}

interface Course {
  readonly batches: Iterator<Batch, never>
  readonly optimizer: OptimizerState | null
}

interface Opened {
  readonly model: Gpt2
  readonly adapter: AdapterConfig
}

export function createEngine(surroundings: Surroundings): Compute {
  let opened: Opened | null = null
  const shelves = new Map<string, readonly Row[]>()
  /** Training runs that may be taken up again, by the name that `continueAs` gives. */
  const courses = new Map<string, Course & { readonly shelf: string }>()
  let stopsAsked = 0

  const current = (): Opened => {
    if (!opened) throw new Error('Open a model first.')
    return opened
  }
  const rowsOf = (shelf: string): readonly Row[] => {
    const rows = shelves.get(shelf)
    if (!rows) throw new Error(`There is no text on the shelf "${shelf}". Hold some first.`)
    return rows
  }
  const decode = (bytes: Uint8Array | null): Adapter | null =>
    bytes && decodeAdapter(bytes, current().adapter)

  return {
    async open(request, onProgress = () => {}) {
      const { model, device } = await surroundings.load(request, onProgress)
      const initial = initialAdapter(model.config, request.adapter, request.seed)
      if (model.backend === 'webgpu') {
        onProgress({ stage: 'compiling', done: 0, total: 1 })
        await warmUp(model, initial)
        onProgress({ stage: 'compiling', done: 1, total: 1 })
      }
      opened = { model, adapter: request.adapter }
      shelves.clear()
      courses.clear()
      return {
        backend: model.backend,
        device,
        modelHash: model.hash,
        parameters: model.parameters,
        contextLength: model.config.contextLength,
        initialAdapter: encodeAdapter(initial),
      }
    },

    async hold(shelf, examples) {
      const { tokenizer, config } = current().model
      const rows = rowsOfExamples(tokenizer, examples, longestRow(config.contextLength))
      if (rows.length === 0) throw new Error('This text is empty: nothing in it can be predicted. Add some.')
      shelves.set(shelf, rows)
      for (const [name, course] of courses) if (course.shelf === shelf) courses.delete(name)
      return { examples: examples.length, tokens: rows.reduce((sum, row) => sum + countedTokens(row), 0) }
    },

    async train({ adapter, shelf, steps, learningRate, batch, seed, continueAs, slow }, onProgress) {
      const { model, adapter: config } = current()
      const asked = stopsAsked
      const kept = continueAs === null ? undefined : courses.get(continueAs)
      const course: Course = kept ?? {
        batches: shuffledBatches(rowsOf(shelf), batch, model.config.contextLength, seed),
        optimizer: null,
      }
      const trained: Trained = await train({
        model,
        adapter: decodeAdapter(adapter, config),
        ...course,
        steps,
        learningRate,
        slow,
        stopped: () => stopsAsked !== asked,
        onStep: ({ step, ...report }) => onProgress?.({ step: step + 1, steps, ...report }),
      })
      if (continueAs !== null)
        courses.set(continueAs, { batches: course.batches, optimizer: trained.optimizer, shelf })
      const { rows, tokens, seconds, loss } = trained
      return { adapter: encodeAdapter(trained.adapter), examples: rows, tokens, seconds, loss }
    },

    async evaluate(adapter, shelf) {
      const { model } = current()
      const batches = evaluationBatches(rowsOf(shelf), model.config.contextLength)
      const { loss, tokens } = await evaluate(model, decode(adapter), batches)
      return { loss, tokens }
    },

    answer: async (adapter, probes) => answerProbes(current().model, decode(adapter), probes),

    generate: async ({ adapter, ...request }) => generateText(current().model, decode(adapter), request),

    async stop() {
      stopsAsked++
    },
  }
}
