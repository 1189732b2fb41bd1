import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../lib/hash'
import { directorySource } from './directory'
import { folderSource } from './folder'
import { readJson } from './source'

const file = (path: string, content: string) => ({ path, file: new Blob([content]) })
const hashOfText = (text: string) => sha256Hex(new TextEncoder().encode(text))

describe('a folder from the page', () => {
  it('is the one beside the highest config.json', async () => {
    const source = folderSource([
      file('my model/adapters/old/config.json', '{"a":2}'),
      file('my model/config.json', '{"a":1}'),
      file('my model/model.safetensors', 'weights'),
    ])
    expect(source.name).toBe('my model')
    expect(await readJson(source, 'config.json')).toEqual({ a: 1 })
    const weights = await source.open('model.safetensors')
    expect(await weights.read(1, 3)).toEqual(new TextEncoder().encode('ei'))
    expect(await (await weights.fetch()).hash()).toBe(hashOfText('weights'))
    expect(await source.has('tokenizer.json')).toBe(false)
    await expect(source.open('tokenizer.json')).rejects.toThrow(/no tokenizer.json. Choose the whole folder/)
  })

  it('may be dropped as single files', async () => {
    const source = folderSource([file('config.json', '{}'), file('tokenizer.json', '{"b":1}')])
    expect(await readJson(source, 'tokenizer.json')).toEqual({ b: 1 })
  })

  it('without a model is refused', () => {
    expect(() => folderSource([])).toThrow(/no config.json/)
    expect(() => folderSource([file('x/not-config.json', '')])).toThrow(/no config.json/)
  })
})

describe('a directory', () => {
  it('gives its files, and says which it lacks', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gossamer-source-'))
    try {
      await writeFile(join(directory, 'config.json'), '{"a":1}')
      const source = directorySource(`${directory}/`)
      expect(source.name).toBe(basename(directory))
      expect(await readJson(source, 'config.json')).toEqual({ a: 1 })
      expect(await (await (await source.open('config.json')).fetch()).hash()).toBe(hashOfText('{"a":1}'))
      expect(await source.has('model.safetensors')).toBe(false)
      await expect(source.open('model.safetensors')).rejects.toThrow(/model.safetensors cannot be read/)
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
