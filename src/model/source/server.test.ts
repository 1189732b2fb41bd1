import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256Hex } from '../../lib/hash'
import { type FileStore, memoryStore } from './download/store'
import { type FileServer, startFileServer } from './fixtures/fileServer'
import { serverSource } from './server'
import { readJson } from './source'

const path = '/models/toy/model.safetensors'
const body = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) >> 3)
const hash = sha256Hex(body)

let server: FileServer
let store: FileStore
beforeEach(async () => {
  server = await startFileServer()
  server.files.set(path, { body })
  store = memoryStore()
})
afterEach(() => server.close())

/** A page that has just been opened. */
const visit = () => serverSource(`${server.address}/models/toy/`, store)
const open = () => visit().open('model.safetensors')
const fetchWhole = async (onProgress?: (done: number, total: number) => void) => {
  const file = await (await open()).fetch(onProgress)
  expect(sha256Hex(await file.read(0, file.size))).toBe(await file.hash())
  return file.hash()
}
const bodies = () => server.requests.filter((request) => request.startsWith('GET'))

describe('a file of this server', () => {
  it('arrives whole, with progress and its hash', async () => {
    const progress: [number, number][] = []
    expect(await fetchWhole((done, total) => progress.push([done, total]))).toBe(hash)
    expect(progress.at(-1)).toEqual([body.length, body.length])
  })

  it('can be looked into without the rest', async () => {
    const file = await open()
    expect(await file.read(100, 120)).toEqual(body.slice(100, 120))
    expect(file.size).toBe(body.length)
    expect(bodies()).toEqual([`GET ${path} bytes=100-119`])
    server.ranges = false
    expect(await file.read(100, 120)).toEqual(body.slice(100, 120))
  })

  it('is not downloaded again, only asked about', async () => {
    await fetchWhole()
    expect(await fetchWhole()).toBe(hash)
    expect(bodies()).toHaveLength(1)
  })

  it('is downloaded again when the server has another version', async () => {
    await fetchWhole()
    const other = body.map((byte) => byte ^ 1)
    server.files.set(path, { body: other, etag: '"2"' })
    expect(await fetchWhole()).toBe(sha256Hex(other))
  })

  it('is used as it is while the server cannot be asked', async () => {
    await fetchWhole()
    server.status = 503
    expect(await fetchWhole()).toBe(hash)
    server.status = null
    const { address } = server
    await server.close()
    const offline = await serverSource(`${address}/models/toy/`, store).open('model.safetensors')
    expect(await (await offline.fetch()).hash()).toBe(hash)
  })

  it('goes on where a connection broke off, at once', async () => {
    server.breaks.push(100_000, 50_000)
    expect(await fetchWhole()).toBe(hash)
    expect(bodies()).toEqual([
      `GET ${path} bytes=0-`,
      `GET ${path} bytes=100000-`,
      `GET ${path} bytes=150000-`,
    ])
  })

  it('goes on where it broke off, on the next visit', async () => {
    server.breaks.push(100_000, 0, 0, 0)
    await expect(fetchWhole()).rejects.toThrow(/cut off after 100000 bytes. Check the connection/)
    expect(await fetchWhole()).toBe(hash)
    expect(bodies().at(-1)).toBe(`GET ${path} bytes=100000-`)
  })

  it('begins afresh when the file has changed since it broke off', async () => {
    server.breaks.push(100_000, 0, 0, 0)
    await expect(fetchWhole()).rejects.toThrow(/cut off/)
    const other = body.map((byte) => byte ^ 1)
    server.files.set(path, { body: other, etag: '"2"' })
    expect(await fetchWhole()).toBe(sha256Hex(other))
    expect(bodies().at(-1)).toBe(`GET ${path} bytes=0-`)
  })

  it('arrives from a server that sends no parts', async () => {
    server.ranges = false
    server.breaks.push(100_000)
    expect(await fetchWhole()).toBe(hash)
  })

  it('is dropped and downloaded again when what was kept is damaged', async () => {
    await fetchWhole()
    const damage = async (change: (bytes: Uint8Array) => Uint8Array) => {
      const spy = vi.spyOn(store, 'read')
      await fetchWhole()
      const name = spy.mock.calls.map(([name]) => name).find((name) => !name.endsWith('.json'))!
      spy.mockRestore()
      const kept = new Uint8Array(await (await store.read(name))!.arrayBuffer())
      await store.remove(name)
      const file = await store.append(name)
      await file.write(change(kept))
      await file.close()
    }
    await damage((bytes) => bytes.with(5, bytes[5] ^ 1))
    expect(await fetchWhole()).toBe(hash)
    await damage((bytes) => bytes.subarray(0, 1000))
    expect(await fetchWhole()).toBe(hash)
    // The damaged piece alone, then the whole file at the next visit; what was cut off is fetched at once.
    expect(bodies().slice(1)).toEqual([
      `GET ${path} bytes=0-299999`,
      `GET ${path} bytes=0-`,
      `GET ${path} bytes=0-`,
    ])
  })

  it('arrives where nothing can be kept', async () => {
    const full = {
      ...memoryStore(),
      append: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
    }
    const file = await serverSource(`${server.address}/models/toy/`, full).open('model.safetensors')
    expect(await (await file.fetch()).hash()).toBe(hash)
  })

  it('is downloaded once where two ask for it at once', async () => {
    expect(await Promise.all([fetchWhole(), fetchWhole()])).toEqual([hash, hash])
    expect(bodies()).toHaveLength(1)
  })

  it('that is missing is said to be', async () => {
    expect(await visit().has('other')).toBe(false)
    expect(await visit().has('model.safetensors')).toBe(true)
    await expect(visit().open('other')).rejects.toThrow(/is not there \(404\)/)
    await server.close()
    await expect(visit().open('model.safetensors')).rejects.toThrow(/cannot be reached. Check the connection/)
  })

  it('may be JSON', async () => {
    server.files.set('/models/toy/config.json', { body: new TextEncoder().encode('{"a":1}') })
    server.files.set('/models/toy/broken.json', { body: new TextEncoder().encode('{"a"') })
    expect(await readJson(visit(), 'config.json')).toEqual({ a: 1 })
    await expect(readJson(visit(), 'broken.json')).rejects.toThrow(/broken.json of toy is no valid JSON/)
  })
})
