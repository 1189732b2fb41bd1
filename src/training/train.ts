/**
 * The training loop: batch, step, progress. It knows nothing of federations or files; it gets an adapter as data and gives
 * one back. A step is one run of a program (model/programs/training.ts); losses stay on the machine in a ring and are read
 * a few at a time, so that a GPU is never waited for. Now and then adapter and optimizer are read back too, so a GPU that
 * is taken away costs seconds of work and no more.
 */
import type { Inputs, Session } from '../kernels/machines/machine'
import { sleep } from '../lib/async'
import type { Adapter } from '../model/adapter'
import type { LanguageModel } from '../model/languageModel'
import { flatten, unflatten } from '../model/lora'
import { adamDefaults, lossRingSize } from '../model/programs/training'
import type { CompileProgress, Workspace } from '../model/workspace'
import type { Batch } from './batches'
import { inputsOf } from './inputs'
import { breathe } from './pace'

/** What Adam remembers between runs. */
export interface OptimizerState {
  /** Updates so far. */
  readonly steps: number
  readonly first: Float32Array
  readonly second: Float32Array
}

export interface StepReport {
  /** Counts from 0. */
  readonly step: number
  /** Nats per predicted token, before the step's update. */
  readonly loss: number
  readonly tokensPerSecond: number
}

export interface Training {
  readonly model: LanguageModel
  readonly adapter: Adapter
  readonly batches: Iterator<Batch, never>
  readonly steps: number
  readonly learningRate: number
  /** Null: a fresh optimizer. */
  readonly optimizer?: OptimizerState | null
  /** Both factors unless one is frozen, as FFA-LoRA and RoLoRA want. */
  readonly learns?: { readonly a: boolean; readonly b: boolean }
  /** mu of FedProx: training pays (mu / 2) |w - anchor|². 0: nothing. */
  readonly proximal?: number
  /** What `proximal` pulls towards; the adapter where it is not said. */
  readonly anchor?: Adapter
  /** Computes activations again instead of keeping them also where there is room: less memory, about a third slower. */
  readonly checkpointing?: boolean
  /** Gradients longer than this are shortened to it. 0: never. */
  readonly maxGradientNorm?: number
  /** 10 makes every step ten times as long. */
  readonly slow?: number
  readonly stopped?: () => boolean
  /** Resolves when the next step may begin; at once where it is not said. */
  readonly free?: () => Promise<void>
  readonly onStep?: (report: StepReport) => void
  readonly onCompile?: CompileProgress
  /** Called every few seconds with everything that is needed to go on from there. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void
}

export interface Checkpoint {
  readonly stepsDone: number
  readonly adapter: Adapter
  readonly optimizer: OptimizerState
}

export interface Trained {
  readonly adapter: Adapter
  readonly optimizer: OptimizerState
  readonly rows: number
  readonly tokens: number
  readonly seconds: number
  /** Mean over the steps. */
  readonly loss: number
}

/** The run was ended by `stop()`. */
export class Stopped extends Error {
  override name = 'Stopped'
  constructor() {
    super('Training was stopped.')
  }
}

/** The loss became infinite or no number. */
export class Diverged extends Error {
  override name = 'Diverged'
  constructor(step: number) {
    super(`The loss is no longer a number after ${step} steps. Lower the learning rate.`)
  }
}

/** Losses are read after so many steps, or after so long, whichever comes first. */
const [stepsPerReading, readingEveryMs] = [10, 250]
const checkpointEveryMs = 5000

export const train = (training: Training): Promise<Trained> =>
  training.model.use(training.adapter.config, (workspace) => trainIn(workspace, training))

async function trainIn(workspace: Workspace, training: Training): Promise<Trained> {
  const { batches, steps, learningRate, slow = 1, onStep, onCheckpoint } = training
  const { learns = { a: true, b: true }, checkpointing = false, proximal = 0, maxGradientNorm = 0 } = training
  const options = { learns, checkpointing, proximal: proximal > 0, clips: maxGradientNorm > 0 }
  const { session } = workspace
  const layout = workspace.layout!
  const { config } = training.adapter
  // Where the processor computes, numbers are there at once; a GPU is asked less often.
  const readsAtOnce = training.model.backend !== 'webgpu'
  const updatesBefore = training.optimizer?.steps ?? 0
  const zeros = () => new Float32Array(layout.size)
  session.write('parameters', flatten(layout, training.adapter))
  session.write('first', training.optimizer?.first ?? zeros())
  session.write('second', training.optimizer?.second ?? zeros())
  session.write('gradient', zeros())
  const pull: Inputs = proximal > 0 ? { strength: Float32Array.of(proximal) } : {}
  if (proximal > 0) session.write('anchor', flatten(layout, training.anchor ?? training.adapter))

  const began = performance.now()
  const losses = new LossReader(session, (step, loss) => {
    if (!Number.isFinite(loss)) throw new Diverged(step)
    onStep?.({ step, loss, tokensPerSecond: (1000 * tokensUntil[step]) / (performance.now() - began) })
  })
  const tokensUntil: number[] = []
  let [rows, tokens, lastCheckpointMs] = [0, 0, began]
  for (let step = 0; step < steps; step++) {
    await training.free?.()
    if (training.stopped?.()) throw new Stopped()
    const stepBegan = performance.now()
    const batch = batches.next().value
    const { shape, reading, learning } = inputsOf(batch)
    const runnable = await workspace.training(shape, options, training.onCompile)
    const schedule = scheduleOf(updatesBefore + step + 1, learningRate, maxGradientNorm)
    await runnable.run({ ...reading, ...learning, ...pull, step: Int32Array.of(step), schedule })
    rows += batch.batch - batch.rehearsed
    tokens += batch.tokens
    tokensUntil.push(tokens)

    const isLast = step === steps - 1
    await losses.after(step, isLast || slow > 1 || readsAtOnce)
    if (onCheckpoint && !isLast && performance.now() - lastCheckpointMs > checkpointEveryMs) {
      onCheckpoint({ stepsDone: step + 1, ...(await readState(session, step + 1)) })
      lastCheckpointMs = performance.now()
    }
    await breathe()
    if (slow > 1) await sleep((slow - 1) * (performance.now() - stepBegan))
  }
  const state = await readState(session, steps)
  const seconds = (performance.now() - began) / 1000
  return { ...state, rows, tokens, seconds, loss: losses.mean }

  async function readState(session: Session, stepsDone: number): Promise<Omit<Checkpoint, 'stepsDone'>> {
    const [parameters, first, second] = await Promise.all([
      session.read('parameters'),
      session.read('first'),
      session.read('second'),
    ])
    return {
      adapter: unflatten(layout, config, parameters),
      optimizer: { steps: updatesBefore + stepsDone, first, second },
    }
  }
}

/** Adam's numbers for one update: the rate, both bias corrections, the largest norm. `update` counts from 1. */
export function scheduleOf(update: number, rate: number, maxGradientNorm = 0): Float32Array {
  const { beta1, beta2 } = adamDefaults
  return Float32Array.of(rate, 1 / (1 - beta1 ** update), 1 / Math.sqrt(1 - beta2 ** update), maxGradientNorm)
}

/** Reads the ring of losses behind the steps, and tells every step's loss once and in order. */
class LossReader {
  readonly #session: Session
  readonly #tell: (step: number, loss: number) => void
  #told = 0
  #sum = 0
  #lastReadMs = performance.now()
  #reading: Promise<void> = Promise.resolve()

  constructor(session: Session, tell: (step: number, loss: number) => void) {
    this.#session = session
    this.#tell = tell
  }

  get mean(): number {
    return this.#sum / this.#told
  }

  /** To be called after each step is on its way. Waits for the losses where `now` says so. */
  async after(step: number, now: boolean): Promise<void> {
    const isDue =
      step + 1 - this.#told >= stepsPerReading || performance.now() - this.#lastReadMs > readingEveryMs
    if (!now && !isDue) return
    await this.#reading
    this.#lastReadMs = performance.now()
    this.#reading = this.#read(step)
    if (now) return this.#reading
    this.#reading.catch(() => {}) // it is awaited at the next reading; until then a failure is no unhandled one
  }

  async #read(until: number): Promise<void> {
    const ring = await this.#session.read('losses')
    for (; this.#told <= until; this.#told++) {
      const loss = ring[this.#told % lossRingSize]
      this.#sum += loss
      this.#tell(this.#told, loss)
    }
  }
}
