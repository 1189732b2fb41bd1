/** A folder that somebody dropped on the page or picked: its files as the browser hands them out. */
import { ModelError } from '../config'
import { fileAtHand } from './atHand'
import { blobAccess, type ModelSource } from './source'

/** A dropped file and where in the folder it lies: `my model/config.json`, or its name alone where no folder is known. */
export interface FolderFile {
  readonly path: string
  readonly file: Blob
}

/**
 * The model in a folder: the files beside the `config.json` that lies highest, whatever else the folder holds. Throws a
 * `ModelError` where there is none.
 */
export function folderSource(files: readonly FolderFile[]): ModelSource {
  const [config] = files
    .map(({ path }) => path)
    .filter((path) => path.split('/').at(-1) === 'config.json')
    .sort((one, other) => one.split('/').length - other.split('/').length)
  if (config === undefined)
    throw new ModelError(
      'This folder holds no config.json. Choose the folder of a Hugging Face model: config.json, tokenizer.json and model.safetensors.',
    )
  const directory = config.slice(0, -'config.json'.length)
  const inside = new Map(
    files
      .filter(({ path }) => path.startsWith(directory))
      .map(({ path, file }) => [path.slice(directory.length), file]),
  )
  return {
    name: directory.split('/').at(-2) ?? 'folder',
    isListed: true,
    has: async (name) => inside.has(name),
    async open(name) {
      const file = inside.get(name)
      if (!file) throw new ModelError(`The folder holds no ${name}. Choose the whole folder of the model.`)
      return fileAtHand(name, blobAccess(file, name))
    },
  }
}
