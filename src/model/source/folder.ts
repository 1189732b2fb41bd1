/** A folder that somebody dropped on the page or picked: its files as the browser hands them out, with or without paths. */
import { ModelError } from '../config'
import { blobAccess, fileAtHand, type ModelSource } from './source'

/**
 * The model in a folder: the files beside the `config.json` that lies highest, whatever else the folder holds. Throws a
 * `ModelError` where there is none.
 */
export function folderSource(files: readonly File[]): ModelSource {
  const pathOf = (file: File): string => file.webkitRelativePath || file.name
  const [config] = files
    .map(pathOf)
    .filter((path) => path.split('/').at(-1) === 'config.json')
    .sort((one, other) => one.split('/').length - other.split('/').length)
  if (config === undefined)
    throw new ModelError(
      'This folder holds no config.json. Choose the folder of a Hugging Face model: config.json, tokenizer.json and model.safetensors.',
    )
  const directory = config.slice(0, -'config.json'.length)
  const inside = new Map(
    files
      .filter((file) => pathOf(file).startsWith(directory))
      .map((file) => [pathOf(file).slice(directory.length), file]),
  )
  return {
    name: directory.split('/').at(-2) ?? 'folder',
    has: async (name) => inside.has(name),
    async open(name) {
      const file = inside.get(name)
      if (!file) throw new ModelError(`The folder holds no ${name}. Choose the whole folder of the model.`)
      return fileAtHand(name, blobAccess(file, name))
    },
  }
}
