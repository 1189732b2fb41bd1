/**
 * Models of the Hugging Face hub, by id. One question gives the newest commit with all its files, their lengths and the
 * SHA-256 of the large ones; everything is then read from that commit, so that files belong together whatever is uploaded
 * meanwhile. The answer is kept: a model that was downloaded opens without the hub.
 * Source: https://huggingface.co/docs/hub/api (`/api/models/{id}/revision/{revision}?blobs=true`)
 */
import { z } from 'zod'
import { firstComplaint, readBy } from '../../lib/schema'
import { ModelError } from '../config'
import { remoteFile } from './download/download'
import { Offline, type RemoteFile, requestJson, Unreachable } from './download/http'
import { type FileStore, loadJson, writeJson } from './download/store'
import type { ModelSource } from './source'

/** Models that are offered by name. */
export const hubPresets = [
  'openai-community/gpt2',
  'HuggingFaceTB/SmolLM2-135M',
  'Qwen/Qwen2.5-0.5B',
  'Qwen/Qwen3-0.6B',
] as const

const idPattern = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/

/** `owner/name`. */
export const isHubId = (name: string): boolean => idPattern.test(name) && name.length <= 200

const commitSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{6,64}$/),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().nonnegative().nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }).nullish(),
    }),
  ),
})
type Commit = z.infer<typeof commitSchema>

/** `hub` is another hub's address, without a slash at the end. */
export function hubSource(id: string, store: FileStore, hub = 'https://huggingface.co'): ModelSource {
  if (!isHubId(id)) throw new ModelError(`"${id.slice(0, 80)}" is no model id. Write it as owner/name.`)
  let commit: Promise<Commit> | null = null
  const find = async (name: string) => {
    commit ??= fetchCommit(id, store, hub)
    const { sha, siblings } = await commit
    const found = siblings.find(({ rfilename }) => rfilename === name)
    return found && { sha, found }
  }
  return {
    name: id,
    isListed: true,
    has: async (name) => (await find(name)) !== undefined,
    async open(name) {
      const { sha, found } = (await find(name)) ?? {}
      if (!found) throw new ModelError(`${id} has no ${name} on the hub. Choose another model.`)
      if (typeof found.size !== 'number')
        throw new ModelError(`The hub does not say how long ${name} of ${id} is. Try again later.`)
      const file: RemoteFile = {
        key: `${hub}/${id}/${name}`,
        url: `${hub}/${id}/resolve/${sha}/${name}`,
        size: found.size,
        version: found.lfs?.sha256 ?? found.blobId ?? sha!,
        sha256: found.lfs?.sha256 ?? null,
        validator: null,
      }
      return remoteFile(file, store)
    },
  }
}

async function fetchCommit(id: string, store: FileStore, hub: string): Promise<Commit> {
  const keptAs = `${id.replace('/', '--')}.commit.json`
  try {
    const commit = parseCommit(await requestJson(`${hub}/api/models/${id}/revision/main?blobs=true`), id)
    await writeJson(store, keptAs, commit).catch(() => {}) // a full disk is no reason to fail
    return commit
  } catch (problem) {
    if (!(problem instanceof Unreachable)) throw problem
    const kept = await loadJson(store, keptAs)
    if (kept) return parseCommit(kept, id)
    if (!(problem instanceof Offline)) throw problem
    throw new ModelError(
      `${new URL(hub).host} cannot be reached, and ${id} was never downloaded here. Connect to the internet and try again, or choose a model of this server (toy, seedling, lens) or a folder.`,
    )
  }
}

function parseCommit(json: unknown, id: string): Commit {
  const parsed = readBy(commitSchema, json)
  if (!parsed.success) {
    const { place, what } = firstComplaint(parsed.error)
    throw new ModelError(
      `The hub's answer about ${id} is not understood: ${place || 'it'} ${what}. Try again later, or download the model's folder and drop it here.`,
    )
  }
  return parsed.data
}
