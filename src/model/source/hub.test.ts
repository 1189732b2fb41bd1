import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../lib/hash'
import { type FileStore, memoryStore } from './download/store'
import { type FileServer, startFileServer } from './fixtures/fileServer'
import { hubSource } from './hub'
import { sourceNamed } from './named'
import { readJson } from './source'

const id = 'owner/tiny'
const weights = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)
const config = new TextEncoder().encode('{"a":1}')
const place = (sha: string, name: string) => `/${id}/resolve/${sha}/${name}`

let hub: FileServer
let store: FileStore
beforeEach(async () => {
  hub = await startFileServer()
  store = memoryStore()
  upload('abc123')
})
afterEach(() => hub.close())

function upload(sha: string, announced = sha256Hex(weights)): void {
  const siblings = [
    { rfilename: 'config.json', size: config.length, blobId: 'f00' },
    {
      rfilename: 'model.safetensors',
      size: weights.length,
      blobId: 'ba5',
      lfs: { sha256: announced, size: 1 },
    },
  ]
  const answer = new TextEncoder().encode(JSON.stringify({ id, sha, siblings, gated: false }))
  hub.files.set(`/api/models/${id}/revision/main?blobs=true`, { body: answer })
  hub.files.set(place(sha, 'config.json'), { body: config })
  hub.files.set(place(sha, 'model.safetensors'), { body: weights })
}

const visit = () => hubSource(id, store, hub.address)
const fetchWeights = async () => (await visit().open('model.safetensors')).fetch()
const bodies = () => hub.requests.filter((request) => request.includes('/resolve/'))

describe('a model of the hub', () => {
  it('is read from one commit, after one question', async () => {
    const source = visit()
    expect(source.name).toBe(id)
    expect(await source.has('model.safetensors')).toBe(true)
    expect(await source.has('model.safetensors.index.json')).toBe(false)
    expect(await readJson(source, 'config.json')).toEqual({ a: 1 })
    expect(await (await (await source.open('model.safetensors')).fetch()).hash()).toBe(sha256Hex(weights))
    expect(hub.requests).toEqual([
      `GET /api/models/${id}/revision/main?blobs=true`,
      `GET ${place('abc123', 'config.json')} bytes=0-`,
      `GET ${place('abc123', 'model.safetensors')} bytes=0-`,
    ])
  })

  it('is not downloaded again after a commit that leaves its weights alone', async () => {
    await fetchWeights()
    upload('def456')
    await fetchWeights()
    expect(bodies()).toHaveLength(1)
  })

  it('that arrives damaged once is downloaded again, and given up when it does twice', async () => {
    hub.files.set(place('abc123', 'model.safetensors'), { body: weights.with(7, 0) })
    await expect(fetchWeights()).rejects.toThrow(/arrived damaged twice: its SHA-256/)
    expect(bodies()).toHaveLength(2)
    upload('abc123')
    await fetchWeights()
  })

  it('resumed with bytes of another file is noticed and downloaded afresh', async () => {
    const path = place('abc123', 'model.safetensors')
    hub.files.set(path, { body: weights.with(7, 0) })
    const file = await visit().open('model.safetensors')
    hub.breaks.push(50_000, 0, 0, 0)
    await expect(file.fetch()).rejects.toThrow(/cut off after 50000 bytes/)
    upload('abc123')
    expect(await (await fetchWeights()).hash()).toBe(sha256Hex(weights))
    expect(bodies().slice(-2)).toEqual([`GET ${path} bytes=50000-`, `GET ${path} bytes=0-`])
  })

  it('opens without the hub once it was downloaded', async () => {
    await fetchWeights()
    hub.status = 502
    expect(await (await fetchWeights()).hash()).toBe(sha256Hex(weights))
  })

  it('that does not exist, or a file that does not, is said to be missing', async () => {
    await expect(visit().open('tokenizer.json')).rejects.toThrow(/owner\/tiny has no tokenizer.json/)
    hub.files.clear()
    await expect(visit().has('config.json')).rejects.toThrow(/not there \(404\)/)
    hub.status = 401
    await expect(visit().has('config.json')).rejects.toThrow(/not for everybody \(401\)/)
    hub.status = 429
    store = memoryStore()
    await expect(visit().has('config.json')).rejects.toThrow(/Wait a minute/)
  })

  it('that was never downloaded needs the internet, and is said to', async () => {
    await hub.close()
    const answer = visit().has('config.json')
    await expect(answer).rejects.toThrow(/cannot be reached, and owner\/tiny was never downloaded/)
    await expect(answer).rejects.toThrow(/Connect to the internet.*or a folder/)
  })

  it('has an id that cannot lead elsewhere', () => {
    for (const bad of ['../x', 'a/..', 'a/b/c', 'https://x/y', 'a/b?c', '', 'a/b#c'])
      expect(() => hubSource(bad, store), bad).toThrow(/no model id/)
  })
})

describe('a name', () => {
  const named = (name: string) => sourceNamed(name, 'https://class.example/room?x=1', store)

  it('with an owner is one of the hub, with local: one of this browser, without either one of this server', () => {
    expect(named('openai-community/gpt2').name).toBe('openai-community/gpt2')
    expect(named('toy').name).toBe('toy')
    expect(named('local:toy').name).toBe('local:toy')
    for (const bad of ['..', '/toy', 'toy/', 'a/b/c', ''])
      expect(() => named(bad), bad).toThrow(/no model's name/)
  })
})
