/**
 * From a source of files to a model on a machine: everything small is read and checked first, then the model must fit the
 * machine, and room for all its weights is made; only then they are downloaded, and rows of them are read, packed and written
 * one after the other into the format that they are kept in. What needs their shapes alone, such as compiling, goes on
 * beside that. Whoever has more to check before takes the two steps one by one.
 */
import type { Machine } from '../kernels/machines/machine'
import { packRows } from '../kernels/packing'
import { timed } from '../lib/timed'
import { type FetchedWeights, type FoundModel, findModel } from '../model/checkpoint/openModel'
import type { ModelConfig } from '../model/config'
import { LanguageModel } from '../model/languageModel'
import type { ModelSource, Progress } from '../model/source/source'
import { type HeldPart, isWhole, wholePart } from '../model/stretch'
import type { LoadProgress, Precision } from './compute'
import { placeFor } from './loading/chooseFormat'
import { noForms, type PackedForms } from './loading/packedForms'
import { formatOf, type KeptRows, type Place } from './loading/place'

export type OnProgress = (progress: LoadProgress) => void

/** Which part of a model of this configuration is to lie in memory. */
export type PartOf = (config: ModelConfig) => HeldPart

/** How a model's weights are to lie in memory; `auto` and all of them where it is not said. */
export interface Loading {
  readonly precision?: Precision
  readonly partOf?: PartOf
  /** Rows of a training step, where one is planned. */
  readonly batch?: number
  /** Where tabs of this browser share what one of them has packed; nowhere where it is not said. */
  readonly forms?: PackedForms
  /** Done while the weights arrive, with a model whose numbers are not there yet. Where it fails nothing is lost. */
  readonly meanwhile?: (model: LanguageModel, onProgress: OnProgress) => Promise<void>
}

/**
 * Throws a `ModelError` or a `SafetensorsError` whose message says what to do.
 * @param loading `depth`: the first layers alone, as a shorter model
 */
export async function loadModel(
  source: ModelSource,
  machine: Machine,
  { depth = null, ...loading }: Loading & { readonly depth?: number | null } = {},
  onProgress: OnProgress = () => {},
): Promise<LanguageModel> {
  return loadFound(await findModel(source, depth), machine, loading, onProgress)
}

/** The second step: the weights of what was found, or of a part of it. */
export async function loadFound(
  { config, layersInFile, tokenizer, parameters, fetchWeights }: FoundModel,
  machine: Machine,
  {
    precision = 'auto',
    partOf = wholePart,
    batch,
    forms = noForms,
    meanwhile = async () => {},
  }: Loading = {},
  onProgress: OnProgress = () => {},
): Promise<LanguageModel> {
  const onRemark = (why: string): void => onProgress({ stage: 'otherwise', why })
  const counted =
    (stage: 'downloading' | 'reading'): Progress =>
    (done, total) =>
      onProgress({ stage, done, total })
  const part = partOf(config)
  const place = await placeFor(machine, config, { precision, parameters, part, batch }, onRemark)
  const { weights, format, shardRows } = place
  const model = new LanguageModel(machine, {
    config,
    tokenizer,
    weights,
    format,
    shardRows,
    parameters,
    part,
  })
  // One bar shows one thing: what goes on beside the reading is shown once that is over.
  let isRead = false
  const beside = meanwhile(model, (progress) => isRead && onProgress(progress)).catch(() => {})
  try {
    const fetched = await fetchWeights(counted('downloading'), onRemark)
    const rows = forms.rowsFor({
      format,
      slots: place.slots,
      isWhole: isWhole(part, { layers: layersInFile }),
      hash: fetched.hash,
      pack: () => packedRows(place, fetched, counted('reading')),
      onProgress: counted('reading'),
      onWaiting: () => onProgress({ stage: 'waiting', done: 0, total: 0 }),
      onRemark,
    })
    for await (const kept of rows) await place.put(kept)
    model.hash = await fetched.hash()
    isRead = true
    await beside
    return model
  } catch (problem) {
    await beside
    model.dispose()
    throw problem
  }
}

/** The weights out of their files, packed as they are to be kept. */
async function* packedRows(
  { slots, format }: Place,
  fetched: FetchedWeights,
  onProgress: Progress,
): AsyncGenerator<KeptRows> {
  for await (const { name, firstRow, data } of fetched.read(onProgress, (name) => slots.has(name))) {
    const slot = slots.get(name)!
    const columns = slot.shape[1] ?? 1
    const kept = formatOf(slot, format)
    const rows = kept === 'float32' ? data : timed('packing', () => packRows(data, columns, kept, name))
    yield { name, firstRow, count: data.length / columns, rows }
  }
}
