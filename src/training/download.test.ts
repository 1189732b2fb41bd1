import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeSafetensors } from '../model/safetensors'
import { downloadModel } from './download'

const weights = encodeSafetensors(new Map([['x', { shape: [100], data: new Float32Array(100).fill(1) }]]))
const modelUrl = 'https://host/models/toy/'

/** A server and a browser's cache in a few lines. */
let server: { etag: string; body: Uint8Array; breaksOff: boolean; reachable: boolean }
let requests: string[]
let cached: Map<string, Response>

function answer(url: string, method: string): Response {
  requests.push(`${method} ${url.replace(modelUrl, '')}`)
  if (!server.reachable) throw new TypeError('fetch failed')
  if (url.endsWith('tokenizer_config.json')) return new Response('', { status: 404 })
  if (url.endsWith('.json')) return new Response('{}')
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(server.body.subarray(0, 300))
      if (server.breaksOff) return controller.error(new TypeError('network error'))
      controller.enqueue(server.body.subarray(300))
      controller.close()
    },
  })
  const headers = { etag: server.etag, 'content-length': String(weights.length) }
  return new Response(method === 'HEAD' ? null : stream, { headers })
}

beforeEach(() => {
  server = { etag: '"1"', body: weights, breaksOff: false, reachable: true }
  requests = []
  cached = new Map()
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => answer(url, init?.method ?? 'GET'))
  const cache = {
    match: async (url: string) => cached.get(url)?.clone(),
    put: async (url: string, response: Response) => void cached.set(url, response),
  }
  vi.stubGlobal('caches', { open: async () => cache })
})
afterEach(() => vi.unstubAllGlobals())

const download = (onProgress: (done: number, total: number) => void = () => {}) =>
  downloadModel(modelUrl, onProgress)
const downloads = () => requests.filter((request) => request === 'GET model.safetensors').length

describe('downloading a model', () => {
  it('reports progress and gives the files; a tokenizer_config.json is optional', async () => {
    const progress: [number, number][] = []
    const files = await download((done, total) => progress.push([done, total]))
    expect(files.weights).toEqual(weights)
    expect(files.tokenizerSettings).toBeNull()
    expect(progress).toEqual([
      [300, weights.length],
      [weights.length, weights.length],
    ])
  })

  it('does not download again what it has, and asks only whether it is current', async () => {
    await download()
    expect((await download()).weights).toEqual(weights)
    expect(downloads()).toBe(1)
  })

  it('downloads again when the server has another version', async () => {
    await download()
    server.etag = '"2"'
    await download()
    expect(downloads()).toBe(2)
  })

  it('does without a cache', async () => {
    vi.stubGlobal('caches', { open: () => Promise.reject(new DOMException('private window')) })
    expect((await download()).weights).toEqual(weights)
  })

  it.each([
    ['a body that is too short', { body: weights.subarray(0, 350) }],
    ['a connection that breaks off', { breaksOff: true }],
  ])('refuses %s, and does not keep it', async (_, damage) => {
    server = { ...server, ...damage }
    await expect(download()).rejects.toThrow(/cut off after \d+ bytes. Check the connection/)
    server = { ...server, body: weights, breaksOff: false }
    expect((await download()).weights).toEqual(weights)
    expect(downloads()).toBe(2)
  })

  it('does not keep a whole file that is no safetensors file', async () => {
    server.body = new Uint8Array(weights.length)
    await expect(download()).rejects.toThrow(/gap|not a JSON object|belong to nothing/)
    expect(cached.size).toBe(0)
  })

  it('says when the server cannot be reached or has no such model', async () => {
    server.reachable = false
    await expect(download()).rejects.toThrow(/cannot be reached/)
    vi.stubGlobal('fetch', async () => new Response('', { status: 404 }))
    await expect(download()).rejects.toThrow(/is not there \(404\)/)
  })
})
