/**
 * What a tab's compute worker can do, as one typed interface. The worker (`worker.ts`) implements it over tfjs, comlink
 * carries it across the thread, and node/ knows nothing else of the engine. Adapters cross as canonical safetensors
 * bytes (see model/adapter.ts); text goes in once, by `hold`, and is then called by its shelf's name.
 */
import type { Example, Probe } from '../corpora/example'
import type { Backend } from '../kernels/activate'
import type { WeightFormat } from '../kernels/program'
import type { AdapterConfig } from '../model/adapter'
import type { Sessions } from './session'

export type { Backend }

export type BackendChoice = 'auto' | 'webgpu' | 'wasm' | 'cpu'

/** How frozen matrices are kept on a GPU: `auto` is float32 for small models, float16 for larger ones. */
export type Precision = 'auto' | WeightFormat

export interface OpenRequest {
  /** `toy` of this server, `owner/name` of the hub, `local:name` of this browser; in Node a directory. */
  readonly model: string
  readonly backend: BackendChoice
  /** `auto` where it is not said. */
  readonly precision?: Precision
  /** The model's first layers alone, as a shorter model (model/depth.ts); all of it where it is not said. */
  readonly depth?: number | null
  /** At most so many layers lie in memory, those that somebody asks for: such a tab lends them, and trains nothing. */
  readonly mostLayers?: number
  /** Rows of a training step: a GPU then compiles for them while it is waited for anyway. */
  readonly batch?: number
  /** What the first of these rows will be made of, where it is known: then a GPU compiles while the weights arrive. */
  readonly examples?: readonly Example[]
  /** Targets are named as in the model's family; GPT-2's names also mean the same layers of a LLaMA or a Qwen. */
  readonly adapter: AdapterConfig
  /** Seeds A of the initial adapter; B is zero. The same in all tabs of a room. */
  readonly seed: number
}

export interface OpenedModel {
  readonly backend: Backend
  /** What runs it, for people: "NVIDIA …", "2 wasm threads", and why a faster one was not taken. */
  readonly device: string
  /** Where texts are made, if another machine is faster at that; null: on the same. */
  readonly speaksOn: Backend | null
  /** How the frozen matrices are kept, where they are kept packed. */
  readonly precision: WeightFormat
  /** What a row of a training step takes beside the model, at its longest: an estimate. */
  readonly bytesPerRow: number
  /** SHA-256 of the base model's file. */
  readonly modelHash: string
  readonly parameters: number
  readonly contextLength: number
  /** As asked for, with the targets named in the model's own way. */
  readonly adapter: AdapterConfig
  /** The adapter every node starts from: canonical safetensors bytes. */
  readonly initialAdapter: Uint8Array
}

/**
 * How far loading is: bytes that are downloaded, or read and unpacked; examples that are tokenised; programs for a GPU. Of
 * another tab that unpacks the model, and is waited for, nothing is known but that it does.
 */
export type LoadProgress =
  | {
      readonly stage: 'downloading' | 'waiting' | 'reading' | 'tokenising' | 'compiling'
      readonly done: number
      readonly total: number
    }
  /** Something could not be done as usual and is done in another way: why, as a whole sentence. */
  | { readonly stage: 'otherwise'; readonly why: string }

export interface HeldText {
  readonly examples: number
  /** Of tokens: a long example is several. */
  readonly rows: number
  readonly tokens: number
}

export interface TrainRequest {
  /** Where training starts. Canonical safetensors bytes. */
  readonly adapter: Uint8Array
  /** Name given to `hold`. */
  readonly shelf: string
  readonly steps: number
  readonly learningRate: number
  readonly batch: number
  /** Orders the batches; the same request repeats bit for bit on one backend. */
  readonly seed: number
  /**
   * Null: a fresh optimizer. A name: Adam's moments and the place in the data are kept under it and taken up again by
   * the next request with that name (the "alone" baseline trains across rounds like this).
   */
  readonly continueAs: string | null
  /** Both factors where it is not said; FFA-LoRA and RoLoRA freeze one of them. */
  readonly learns?: { readonly a: boolean; readonly b: boolean }
  /** Of `adapter`, where it is another than the opened one's; alpha / rank stays. */
  readonly rank?: number
  /** mu of FedProx: training pays (mu / 2) |w - start|². 0 where it is not said. */
  readonly proximal?: number
  /** The gradient is scaled down to this norm; 0, or not said: never. */
  readonly maxGradientNorm?: number
  /** Keeps less for the backward pass and computes it again. */
  readonly checkpointing?: boolean
  /**
   * Public text that is read again beside the shelf's, so that the model keeps what it knew: half as many rows as the batch
   * has, which together weigh so much as all the others. No loss tells of them.
   */
  readonly rehearsal?: { readonly shelf: string; readonly weight: number }
  /** Each row of text is hidden in every step (training/privately.ts); not said: none is. */
  readonly privacy?: StepPrivacy
  /** Artificial slowness: 10 makes every step ten times as long. 1 is full speed. */
  readonly slow: number
}

export interface StepPrivacy {
  /** How far one row's gradient may move a step's sum. */
  readonly clip: number
  /** Standard deviation of the noise on that sum, in clips. */
  readonly noise: number
  /** With this probability a step reads a row, each by a coin of its own. */
  readonly rate: number
  /** 32 bytes that nobody can guess, from which noise and coins are drawn. */
  readonly secret: Uint8Array
}

export interface TrainProgress {
  readonly step: number
  readonly steps: number
  /** Nats per predicted token, before the step's update. */
  readonly loss: number
  readonly tokensPerSecond: number
}

export interface TrainResult {
  readonly adapter: Uint8Array
  readonly examples: number
  readonly tokens: number
  readonly seconds: number
  /** Mean over the steps. */
  readonly loss: number
}

export interface Evaluation {
  /** Mean over predicted tokens, nats. */
  readonly loss: number
  readonly tokens: number
}

export interface ProbeAnswer {
  readonly probe: Probe
  readonly text: string
  readonly right: boolean
}

export interface Compute {
  /** Loads the base and starts a backend. Throws an error whose message says what to do next. */
  open(request: OpenRequest, onProgress?: (progress: LoadProgress) => void): Promise<OpenedModel>
  /** Tokenises text and keeps it in the worker under a name, replacing what stood there. Throws on empty text. */
  hold(
    shelf: string,
    examples: readonly Example[],
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<HeldText>
  /** Runs LoRA steps. Other calls are answered between steps. Rejects with `Stopped` after `stop()`. */
  train(request: TrainRequest, onProgress?: (progress: TrainProgress) => void): Promise<TrainResult>
  /** Mean loss of the base with an adapter (null: the base alone) on a shelf. */
  evaluate(adapter: Uint8Array | null, shelf: string): Promise<Evaluation>
  /** Greedy answers to probes, batched. */
  answer(adapter: Uint8Array | null, probes: readonly Probe[]): Promise<ProbeAnswer[]>
  /** What is asked while texts are being made. */
  readonly sessions: Sessions
  /** Ends a running `train` after its current step. */
  stop(): Promise<void>
}
