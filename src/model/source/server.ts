/** The models that this server ships: a directory of files over HTTP. */

import { ModelError } from '../config'
import { keptFile, remoteFile } from './download/download'
import { askAbout, type RemoteFile, Unreachable } from './download/http'
import type { FileStore } from './download/store'
import type { ModelSource } from './source'

/** `modelUrl` is absolute and ends with a slash. */
export function serverSource(modelUrl: string, store: FileStore): ModelSource {
  const described = new Map<string, Promise<RemoteFile | null>>()
  /** Each file is asked about once. What was kept serves while the server cannot be asked. */
  const find = (name: string): Promise<RemoteFile | null> => {
    if (!described.has(name)) described.set(name, findAnew(`${modelUrl}${name}`))
    return described.get(name)!
  }
  const findAnew = async (url: string): Promise<RemoteFile | null> => {
    try {
      return await askAbout(url)
    } catch (problem) {
      const kept = problem instanceof Unreachable ? await keptFile(url, store) : null
      if (!kept) throw problem
      return kept
    }
  }
  return {
    name: modelUrl.split('/').at(-2)!,
    isListed: false,
    has: async (name) => (await find(name)) !== null,
    async open(name) {
      const file = await find(name)
      if (!file)
        throw new ModelError(`${modelUrl}${name} is not there (404). Check the model's name in the address.`)
      return remoteFile(file, store)
    },
  }
}
