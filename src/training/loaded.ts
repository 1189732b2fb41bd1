/**
 * The model that an engine has opened, whatever becomes of the machine under it: a GPU that is taken away is asked for again, and
 * the work repeated. Whoever may hold only some layers has those that are asked for.
 */
import { MachineLost } from '../kernels/machines/machine'
import type { AdapterConfig } from '../model/adapter'
import type { LanguageModel } from '../model/languageModel'
import { targetsFor } from '../model/lora'
import type { Stretch } from '../model/stretch'
import type { LoadProgress, OpenRequest } from './compute'
import type { Loading } from './loadModel'
import { openingPart, openParts } from './parts'
import { speakerOf } from './speaker'

/** What differs between a tab and Node: where a model comes from, and how much of it there is room for. */
export interface Surroundings {
  load(
    request: OpenRequest,
    onProgress: (progress: LoadProgress) => void,
    how?: Pick<Loading, 'partOf' | 'meanwhile'>,
  ): Promise<LanguageModel>
  /** What a tab may take of the processor's memory; null, or not there: nobody knows. */
  memoryBytes?(): number | null
  /** Whether files that were loaded are at hand when they are loaded again; it is so where it is not said. */
  keepsFiles?(): Promise<boolean>
}

export interface Opened {
  readonly request: OpenRequest
  readonly model: LanguageModel
  /** The same, or a copy on the machine that makes its texts (speaker.ts). */
  readonly speaker: LanguageModel
  readonly adapter: AdapterConfig
}

/** Works on a model until it is done, whatever becomes of the machine meanwhile. */
export type Persist = <Result>(work: (model: LanguageModel) => Promise<Result>) => Promise<Result>

export interface Loaded {
  open(
    request: OpenRequest,
    onProgress: (progress: LoadProgress) => void,
    meanwhile?: Loading['meanwhile'],
  ): Promise<Opened>
  /** Throws where nothing was opened. */
  current(): Opened
  /** Throws where only some layers may be held: to train and to measure takes all. */
  whole(): Opened
  readonly persist: Persist
  /** Loads the model again, once for all who lost it. */
  replace(lost: LanguageModel): Promise<void>
  modelFor(stretch: Stretch, inUse: () => ReadonlySet<LanguageModel>): Promise<LanguageModel>
}

/** The adapter that was asked for, with the targets named in the model's own way. */
export function adapterFor({ config }: LanguageModel, { adapter }: OpenRequest): AdapterConfig {
  return { ...adapter, targets: targetsFor(config.family, adapter.targets) }
}

/** A GPU that is lost so often in one run will be lost again. */
const mostLosses = 3

export function keepLoaded({ load, memoryBytes, keepsFiles }: Surroundings): Loaded {
  const nobodyLooks = () => {}
  const parts = openParts((request, part) => load(request, nobodyLooks, { partOf: () => part }))
  let opened: Opened | null = null
  let reloading: Promise<LanguageModel> | null = null

  const current = (): Opened => {
    if (!opened) throw new Error('Open a model first.')
    return opened
  }
  const whole = (): Opened => {
    const { request, model } = current()
    const { mostLayers } = request
    if (mostLayers !== undefined && mostLayers < model.config.layers)
      throw new Error(
        `This tab holds at most ${mostLayers} layers of the model, so it can lend them but not train. Open it without layers=${mostLayers}.`,
      )
    return current()
  }
  async function replace(lost: LanguageModel): Promise<void> {
    const { model, request, adapter, speaker } = current()
    // A copy that spoke is not made again: the machine that trains speaks from now on.
    if (speaker === lost && model !== lost) opened = { request, adapter, model, speaker: model }
    if (model !== lost) return
    reloading ??= load(request, nobodyLooks, { partOf: openingPart(request) })
    parts.forget()
    try {
      const again = await reloading
      opened = { request, adapter, model: again, speaker: speaker === lost ? again : speaker }
    } finally {
      reloading = null
    }
  }

  return {
    current,
    whole,
    replace,
    async open(request, onProgress, meanwhile) {
      const model = await load(request, onProgress, { partOf: openingPart(request), meanwhile })
      parts.forget()
      const mayCopy = (await keepsFiles?.()) ?? true
      const copy = () => load({ ...request, backend: 'wasm', precision: model.format }, onProgress)
      const speaker = mayCopy ? await speakerOf(model, request, memoryBytes?.() ?? null, copy) : model
      opened = { request, model, speaker, adapter: adapterFor(model, request) }
      return opened
    },
    async persist(work) {
      for (let losses = 0; ; losses++) {
        const { model } = whole()
        try {
          return await work(model)
        } catch (problem) {
          if (!(problem instanceof MachineLost) || losses >= mostLosses) throw problem
          await replace(model)
        }
      }
    },
    modelFor(stretch, inUse) {
      const { request, speaker } = current()
      return parts.modelFor({ request, model: speaker }, stretch, inUse)
    },
  }
}
