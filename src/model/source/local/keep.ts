/**
 * Keeping a dropped folder: it is checked as far as it can be without reading all of it (configuration, tokenizer, the
 * weights' headers), and only then the files that make up the model are copied, piece by piece; whatever else lies in the
 * folder stays out.
 */
import { clause } from '../../../lib/sentence'
import { findModel } from '../../checkpoint/openModel'
import { ModelError } from '../../config'
import { type Alive, Stuck } from '../download/patience'
import { type FileStore, writeJson } from '../download/store'
import { type FolderFile, folderSource } from '../folder'
import { piecesOf, startArrival } from '../pieces'
import type { ModelSource, Progress, SourceFile } from '../source'
import { fileName, type LocalFiles, listName, loadList, localModelOf } from './local'

export interface KeptModel {
  /** `local:name` */
  readonly model: string
  readonly parameters: number
  /** Of the copy on disk. */
  readonly bytes: number
}

/**
 * Copies a model into the store under its folder's name, or as `model` (`local:name`) where one is asked for; it replaces a
 * model of that name. Throws a `ModelError` or a `SafetensorsError` that says what is wrong with the folder.
 */
export async function keepFolder(
  files: readonly FolderFile[],
  store: FileStore,
  onProgress: Progress = () => {},
  model?: string,
): Promise<KeptModel> {
  const folder = folderSource(files)
  const used = new Map<string, SourceFile>()
  const { parameters } = await findModel(noting(folder, used))
  const kept = model ?? localModelOf(folder.name)
  const bytes = [...used.values()].reduce((sum, { size }) => sum + size, 0)
  const copyAll = async (alive: Alive): Promise<void> => {
    await removeModel(kept, store)
    let before = 0
    const list: LocalFiles = []
    try {
      for (const [name, file] of used) {
        const copied = await copy(file, store, fileName(kept, name), (done) => {
          alive()
          onProgress(before + done, bytes)
        })
        list.push({ name, size: file.size, ...copied })
        before += file.size
      }
      await writeJson(store, listName(kept), { files: list })
    } catch (problem) {
      for (const name of used.keys()) await store.remove(fileName(kept, name))
      if (!(problem instanceof DOMException)) throw problem
      throw new ModelError(
        `${kept} could not be copied: it takes ${Math.ceil(bytes / 1e6)} MB, and this browser's disk is full (${clause(problem.message)}). Free some space and drop the folder again.`,
      )
    }
  }
  await store.alone(listName(kept), copyAll).catch((problem: unknown) => {
    if (!(problem instanceof Stuck)) throw problem
    throw new ModelError(
      `Another tab of this browser is copying or reading ${kept} and does not go on. Go back to that tab or close it, and drop the folder again.`,
    )
  })
  return { model: kept, parameters, bytes }
}

/** A source that notes which files are opened: together they are the model. */
const noting = (source: ModelSource, used: Map<string, SourceFile>): ModelSource => ({
  ...source,
  async open(name) {
    const file = await source.open(name)
    used.set(name, file)
    return file
  },
})

async function removeModel(model: string, store: FileStore): Promise<void> {
  const list = await loadList(model, store)
  await store.remove(listName(model))
  for (const { name } of list ?? []) await store.remove(fileName(model, name))
}

/** Returns the copy's hash and digests. What a broken copy left under that name is replaced. */
async function copy(
  file: SourceFile,
  store: FileStore,
  name: string,
  onProgress: Progress,
): Promise<{ sha256: string; pieces: string[] }> {
  await store.remove(name)
  const target = await store.append(name)
  const arrival = startArrival()
  let done = 0
  try {
    for await (const piece of piecesOf(file)) {
      await target.write(piece)
      await arrival.add(piece)
      done += piece.length
      onProgress(done, file.size)
    }
  } finally {
    await target.close()
  }
  return arrival.end()
}
