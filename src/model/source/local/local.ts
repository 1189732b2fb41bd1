/**
 * Models that this browser keeps: a folder that somebody gave to the page (keep.ts), opened by the name `local:…` in any tab
 * of this origin. The list of a model's files is written last, so that a copy that broke off is no model.
 */
import { z } from 'zod'
import { sha256Hex } from '../../../lib/hash'
import { readBy } from '../../../lib/schema'
import { ModelError } from '../../config'
import { fileAtHand } from '../atHand'
import { Stuck } from '../download/patience'
import { type FileStore, loadJson } from '../download/store'
import { checkedAsRead } from '../pieces'
import { blobAccess, type ModelSource, type SourceFile } from '../source'

const prefix = 'local:'

export const isLocalModel = (model: string): boolean => model.startsWith(prefix)

/** A folder's name as a model's: `my model` is `local:my-model`. Made of what an address takes as it is. */
export function localModelOf(folder: string): string {
  const plain = folder.normalize('NFKD').replace(/\p{Mark}/gu, '')
  const name = plain.replace(/[^\w.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '')
  return `${prefix}${name.slice(0, 60) || 'folder'}`
}

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const listSchema = z.object({
  files: z
    .array(
      z.object({
        name: z.string().min(1).max(200),
        size: z.number().int().nonnegative(),
        sha256: digest,
        /** Of its pieces (pieces.ts); copies of earlier versions have none, and are hashed as a whole. */
        pieces: z.array(digest).optional(),
      }),
    )
    .max(2000),
})
/** The files of a model that is kept whole. */
export type LocalFiles = z.infer<typeof listSchema>['files']

/** Where the store has a model's list of files; also the lock's name for whoever reads or changes it. */
export const listName = (model: string): string => `${placeOf(model)}.json`

/** Where the store has one of its files. */
export const fileName = (model: string, file: string): string => `${placeOf(model)}-${file}`

const placeOf = (model: string): string => sha256Hex(new TextEncoder().encode(model)).slice(0, 16)

export async function loadList(model: string, store: FileStore): Promise<LocalFiles | null> {
  return readBy(listSchema, await loadJson(store, listName(model))).data?.files ?? null
}

/** `model` is `local:name`. */
export function localSource(model: string, store: FileStore): ModelSource {
  // Waits for a tab that is copying this very model.
  let list: Promise<LocalFiles | null> | null = null
  const find = async (name: string) => {
    list ??= store
      .alone(listName(model), () => loadList(model, store))
      .catch((problem: unknown) => {
        if (!(problem instanceof Stuck)) throw problem
        throw new ModelError(
          `Another tab of this browser is copying ${model} and does not go on. Go back to that tab or close it, and load this one again.`,
        )
      })
    const files = await list
    if (!files)
      throw new ModelError(
        `This browser does not keep the model ${model}. Drop its folder here, or choose it again on the first page.`,
      )
    return files.find((file) => file.name === name)
  }
  return {
    name: model,
    isListed: true,
    has: async (name) => (await find(name)) !== undefined,
    async open(name) {
      const file = await find(name)
      if (!file) throw new ModelError(`${model} has no ${name}. Drop the whole folder of the model again.`)
      const blob = await store.read(fileName(model, name))
      return verified(fileAtHand(name, blobAccess(blob ?? new Blob(), name)), file, model)
    },
  }
}

/** What lies on the disk must still be what was copied there. */
function verified(
  file: SourceFile,
  { name, size, sha256, pieces }: LocalFiles[number],
  model: string,
): SourceFile {
  const damaged = () =>
    new ModelError(`${name} of ${model} was damaged on this browser's disk. Drop the model's folder again.`)
  if (file.size !== size) throw damaged()
  if (pieces) {
    const repair = { fetchAgain: async () => null, damaged }
    return {
      ...file,
      fetch: async () => ({ ...checkedAsRead(file, pieces, repair), hash: async () => sha256 }),
    }
  }
  return {
    ...file,
    async fetch() {
      const whole = await file.fetch()
      const hash = async () => {
        if ((await whole.hash()) !== sha256) throw damaged()
        return sha256
      }
      return { ...whole, hash }
    },
  }
}
