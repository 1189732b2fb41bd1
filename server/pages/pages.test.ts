import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Listening, listen } from '../listen'

const script = 'export const words = "one and the same sentence";\n'.repeat(2_000)
const weights = Buffer.alloc(20_000, 7)

let directory: string
let server: Listening
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gossamer-pages-'))
  await mkdir(join(directory, 'assets'))
  await writeFile(join(directory, 'assets', 'page-1a2b.js'), script)
  await writeFile(join(directory, 'tokenizer.json'), JSON.stringify({ words: script }))
  await writeFile(join(directory, 'model.safetensors'), weights)
  server = await listen({ port: 0, pages: directory, lan: null, report: console.error })
})
afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

interface Answer {
  readonly headers: IncomingMessage['headers']
  readonly status: number | undefined
  readonly body: Buffer
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answer>((resolve, reject) => {
    request({ port: server.port, path, headers, method }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ headers: response.headers, status: response.statusCode, body: Buffer.concat(chunks) }),
      )
    })
      .on('error', reject)
      .end()
  })

describe('a page on its way', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('is compressed for whoever understands %s, and is the same afterwards', async (encoding, open) => {
    const { headers, body } = await get('/assets/page-1a2b.js', { 'accept-encoding': encoding })
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers.vary).toContain('Accept-Encoding')
    expect(headers['cache-control']).toContain('immutable')
    expect(body.length).toBeLessThan(script.length / 3)
    expect(open(body).toString()).toBe(script)
  })

  it('comes as it is to whoever understands none of it', async () => {
    const { headers, body } = await get('/assets/page-1a2b.js', { 'accept-encoding': 'identity' })
    expect(headers['content-encoding']).toBeUndefined()
    expect(body.toString()).toBe(script)
  })

  it('has its own length where it is asked for in ranges, as models are', async () => {
    const length = JSON.stringify({ words: script }).length
    const all = { 'accept-encoding': 'gzip, br', range: 'bytes=0-' }
    const asked = await get('/tokenizer.json', all, 'HEAD')
    expect(asked.headers['content-encoding']).toBeUndefined()
    expect(asked.headers['content-length']).toBe(`${length}`)
    const part = await get('/tokenizer.json', { ...all, range: 'bytes=10-19' })
    expect([part.status, part.body.length]).toEqual([206, 10])
  })

  it('is left alone where nothing is to be gained', async () => {
    const { headers, body } = await get('/model.safetensors', { 'accept-encoding': 'gzip, br' })
    expect(headers['content-encoding']).toBeUndefined()
    expect(body.equals(weights)).toBe(true)
  })
})

it('what streams is never held back', async () => {
  const first = await new Promise<{ headers: IncomingMessage['headers']; text: string }>(
    (resolve, reject) => {
      const asked = request(
        { port: server.port, path: '/api/presence/TEST', headers: { 'accept-encoding': 'gzip, br' } },
        (response) =>
          response.once('data', (chunk: Buffer) => {
            resolve({ headers: response.headers, text: chunk.toString() })
            asked.destroy()
          }),
      )
      asked.on('error', reject).end()
    },
  )
  expect(first.headers['content-encoding']).toBeUndefined()
  expect(first.text).toContain('event: roster')
})
