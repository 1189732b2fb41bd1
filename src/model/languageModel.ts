/**
 * A language model as a value: frozen weights on a machine, a tokenizer, and workspaces to compute in. Any number of models
 * may live in one process, on different machines, and one may serve many engines. GPT-2, LLaMA and Qwen differ in their
 * configuration and their weights' names alone; what they compute is written in programs/.
 */
import type { Backend } from '../kernels/activate'
import type { Machine, Weights } from '../kernels/machines/machine'
import type { WeightFormat } from '../kernels/program'
import type { Adapter, AdapterConfig } from './adapter'
import type { ModelConfig } from './config'
import type { ModelShape } from './programs/values'
import type { HeldPart } from './stretch'
import type { Tokenizer } from './tokenizer'
import { Workspace } from './workspace'

export interface ModelParts {
  readonly config: ModelConfig
  readonly tokenizer: Tokenizer
  readonly weights: Weights
  readonly format: WeightFormat
  readonly shardRows: number
  readonly parameters: number
  /** What of it lies in memory. */
  readonly part: HeldPart
}

/** Workspaces that are kept for the next user; programs take memory, and settings change rarely. */
const keptWorkspaces = 3

export class LanguageModel {
  readonly machine: Machine
  readonly config: ModelConfig
  readonly tokenizer: Tokenizer
  /** SHA-256 of the weights' file: set by whoever reads it, empty before. */
  hash = ''
  readonly parameters: number
  readonly part: HeldPart
  readonly #weights: Weights
  readonly #shape: ModelShape
  readonly #idle: { readonly key: string; readonly workspace: Workspace }[] = []

  constructor(machine: Machine, { config, tokenizer, weights, parameters, part, ...kept }: ModelParts) {
    this.machine = machine
    this.config = config
    this.tokenizer = tokenizer
    this.parameters = parameters
    this.part = part
    this.#weights = weights
    this.#shape = { config, format: kept.format, shardRows: kept.shardRows }
  }

  /** How its frozen matrices are kept, where they are kept packed. */
  get format(): WeightFormat {
    return this.#shape.format
  }

  get backend(): Backend {
    return this.machine.backend
  }

  /** Lends a workspace for adapters of one configuration (null: the frozen base) while `work` runs. */
  async use<Result>(
    adapter: AdapterConfig | null,
    work: (workspace: Workspace) => Promise<Result>,
  ): Promise<Result> {
    const key = JSON.stringify(adapter && [adapter.rank, adapter.alpha, [...adapter.targets].sort()])
    const workspace = this.#take(key) ?? this.#open(adapter)
    try {
      return await work(workspace)
    } finally {
      this.#keep(key, workspace)
    }
  }

  /** A workspace that holds an adapter, for as long as `work` runs. */
  with<Result>(adapter: Adapter | null, work: (workspace: Workspace) => Promise<Result>): Promise<Result> {
    return this.use(adapter?.config ?? null, (workspace) => {
      if (adapter) workspace.load(adapter)
      return work(workspace)
    })
  }

  /** A workspace of one's own, to be disposed of by its `session.dispose()`. */
  open(adapter: Adapter | null): Workspace {
    const workspace = this.#open(adapter?.config ?? null)
    if (adapter) workspace.load(adapter)
    return workspace
  }

  dispose(): void {
    for (const { workspace } of this.#idle) workspace.session.dispose()
    this.#idle.length = 0
    this.#weights.dispose()
  }

  #open(adapter: AdapterConfig | null): Workspace {
    return new Workspace(this.machine.openSession(this.#weights), this.#shape, adapter)
  }

  #take(key: string): Workspace | null {
    const place = this.#idle.findIndex((idle) => idle.key === key)
    return place === -1 ? null : this.#idle.splice(place, 1)[0].workspace
  }

  #keep(key: string, workspace: Workspace): void {
    this.#idle.unshift({ key, workspace })
    for (const { workspace } of this.#idle.splice(keptWorkspaces)) workspace.session.dispose()
  }
}
