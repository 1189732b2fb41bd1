/**
 * A model's files over HTTP, kept in the Cache API so that a reload does not download them again. A kept file is used as
 * long as the server still names the same version of it, or cannot be asked. Only a file that is whole and readable is
 * kept: a truncated download gives an error, and the next attempt starts afresh.
 */
import { ModelError } from '../model/config'
import type { ModelFiles } from '../model/gpt2'
import { readHeader } from '../model/safetensors'

/** `done` and `total` count bytes of the weights' file; `total` is 0 where the server does not say. */
export type DownloadProgress = (done: number, total: number) => void

const cacheName = 'gossamer-models'

/** `modelUrl` ends with a slash. Throws a `ModelError` or a `SafetensorsError`. */
export async function downloadModel(modelUrl: string, onProgress: DownloadProgress): Promise<ModelFiles> {
  const [config, tokenizer, tokenizerSettings] = await Promise.all([
    fetchJson(`${modelUrl}config.json`),
    fetchJson(`${modelUrl}tokenizer.json`),
    fetchJson(`${modelUrl}tokenizer_config.json`).catch(() => null),
  ])
  const weights = await fetchWeights(`${modelUrl}model.safetensors`, onProgress)
  return { config, tokenizer, tokenizerSettings, weights }
}

async function fetchWeights(url: string, onProgress: DownloadProgress): Promise<Uint8Array> {
  const cache = await openCache()
  const kept = await cache?.match(url)
  if (kept && (await isCurrent(url, kept))) return new Uint8Array(await kept.arrayBuffer())

  const response = await request(url)
  const weights = await readBody(response, onProgress)
  readHeader(weights) // throws where the file is cut off or damaged
  const headers = Object.fromEntries(versionHeaders.map((name) => [name, response.headers.get(name) ?? '']))
  // A full disk or a private window is no reason to fail: then the next visit downloads again.
  await cache?.put(url, new Response(weights.slice(), { headers })).catch(() => {})
  return weights
}

const versionHeaders = ['etag', 'last-modified']

/** Whether the server still has the version that was kept. A server that cannot be asked is not contradicted. */
async function isCurrent(url: string, kept: Response): Promise<boolean> {
  const answer = await fetch(url, { method: 'HEAD' }).catch(() => null)
  if (!answer?.ok) return true
  return versionHeaders.every((name) => (answer.headers.get(name) ?? '') === (kept.headers.get(name) ?? ''))
}

async function readBody(response: Response, onProgress: DownloadProgress): Promise<Uint8Array> {
  const encoded = response.headers.has('content-encoding') // then the length is not that of what we read
  const total = encoded ? 0 : Number(response.headers.get('content-length') ?? 0)
  const chunks: Uint8Array[] = []
  let done = 0
  const cutOff = () =>
    new ModelError(
      `The download of ${response.url} was cut off after ${done} bytes. Check the connection and reload.`,
    )
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk)
      done += chunk.length
      onProgress(done, total)
    }
  } catch {
    throw cutOff()
  }
  if (total && done < total) throw cutOff()
  const bytes = new Uint8Array(done)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await request(url)
  return response.json().catch(() => {
    throw new ModelError(`${url} is no valid JSON. Is this the address of a Hugging Face model directory?`)
  })
}

async function request(url: string): Promise<Response> {
  const response = await fetch(url).catch(() => {
    throw new ModelError(`${url} cannot be reached. Check the connection and reload.`)
  })
  if (!response.ok)
    throw new ModelError(`${url} is not there (${response.status}). Check the model's name in the address.`)
  return response
}

/** The Cache API exists in secure contexts only. */
const openCache = (): Promise<Cache | null> =>
  'caches' in globalThis ? caches.open(cacheName).catch(() => null) : Promise.resolve(null)
