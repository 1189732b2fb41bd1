/**
 * What one user of a model has on the machine while it computes: a session, with the adapter's flat vector as its state
 * `parameters`, and the programs that were compiled for it, by shape. Workspaces are lent by the model and given back, so
 * that a second training run in the same process gets one of its own, and the next run finds its programs compiled.
 */
import type { Runnable, Session } from '../kernels/machines/machine'
import { OutOfMemory } from '../kernels/outOfMemory'
import type { Program } from '../kernels/program'
import type { Adapter, AdapterConfig } from './adapter'
import { type AdapterLayout, adapterLayout, flatten } from './lora'
import { type ContinuingShape, continuingProgram } from './programs/continuing'
import { type DecodingShape, decodingProgram } from './programs/decoding'
import { type FillingShape, fillingProgram } from './programs/filling'
import type { SequenceShape } from './programs/forward'
import { evaluationProgram, logitsProgram } from './programs/reading'
import { type TrainingOptions, trainingProgram, updatingProgram } from './programs/training'
import type { ModelShape } from './programs/values'

export type CompileProgress = (done: number, total: number) => void

/** What of a training step is not in the adapter's layout. */
export type StepOptions = Omit<TrainingOptions, 'layout'>

export class Workspace {
  readonly session: Session
  /** Null for the frozen base. */
  readonly layout: AdapterLayout | null
  readonly #shape: ModelShape
  readonly #compiled = new Map<string, Promise<Runnable>>()

  constructor(session: Session, shape: ModelShape, adapter: AdapterConfig | null) {
    this.session = session
    this.#shape = shape
    this.layout = adapter && adapterLayout(shape.config, adapter)
  }

  /** Where there is no room to keep all activations, the step keeps each block's input alone, as with `checkpointing`. */
  training(sequences: SequenceShape, options: StepOptions, onProgress?: CompileProgress): Promise<Runnable> {
    const { layout } = this
    if (!layout) throw new Error('Training needs an adapter: the base is frozen.')
    const build = (checkpointing: boolean) =>
      trainingProgram(this.#shape, sequences, { ...options, layout, checkpointing })
    const key = ['training', sequences, options]
    return this.#compile(key, () => build(options.checkpointing), onProgress).catch((problem: unknown) => {
      if (options.checkpointing || !(problem instanceof OutOfMemory)) throw problem
      return this.training(sequences, { ...options, checkpointing: true }, onProgress)
    })
  }

  /** The end of a training step that was built without it. */
  updating(options: Pick<StepOptions, 'proximal' | 'clips'>): Promise<Runnable> {
    const { layout } = this
    if (!layout) throw new Error('Training needs an adapter: the base is frozen.')
    return this.#compile(['updating', options], () => updatingProgram(layout.size, options))
  }

  evaluation(sequences: SequenceShape): Promise<Runnable> {
    return this.#compile(['evaluation', sequences], () =>
      evaluationProgram(this.#shape, sequences, this.layout),
    )
  }

  logits(sequences: SequenceShape): Promise<Runnable> {
    return this.#compile(['logits', sequences], () => logitsProgram(this.#shape, sequences, this.layout))
  }

  decoding(rows: DecodingShape): Promise<Runnable> {
    return this.#compile(['decoding', rows], () => decodingProgram(this.#shape, rows, this.layout))
  }

  continuing(shape: ContinuingShape): Promise<Runnable> {
    return this.#compile(['continuing', shape], () => continuingProgram(this.#shape, shape, this.layout))
  }

  filling(rows: FillingShape): Promise<Runnable> {
    return this.#compile(['filling', rows], () => fillingProgram(this.#shape, rows, this.layout))
  }

  /** Writes an adapter's numbers. Throws an `AdapterError` where it does not fit. */
  load(adapter: Adapter): void {
    if (this.layout) this.session.write('parameters', flatten(this.layout, adapter))
  }

  #compile(key: unknown, build: () => Program, onProgress?: CompileProgress): Promise<Runnable> {
    const name = JSON.stringify(key)
    if (!this.#compiled.has(name)) this.#compiled.set(name, this.session.compile(build(), onProgress))
    return this.#compiled.get(name)!
  }
}
