import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findModel } from '../../checkpoint/openModel'
import { oracleModels } from '../../oracle'
import { type FileStore, memoryStore } from '../download/store'
import { type FolderFile, folderSource } from '../folder'
import { keepFolder } from './keep'
import { fileName, localModelOf, localSource } from './local'

/** A LLaMA in two shards, in a folder with things that are no part of it. */
const files = [...oracleModels.find(({ name }) => name === 'llama-tied-sharded')!.files]
const at = (directory: string, extra: Record<string, string> = {}): FolderFile[] => [
  ...files.map(([name, bytes]) => ({ path: `${directory}/${name}`, file: new Blob([bytes.slice()]) })),
  ...Object.entries(extra).map(([path, content]) => ({ path, file: new Blob([content]) })),
]
/** Of all that is read. */
const hashOf = async (source: ReturnType<typeof folderSource>) => {
  const fetched = await (await findModel(source)).fetchWeights()
  for await (const _ of fetched.read());
  return fetched.hash()
}

describe('a folder that is kept', () => {
  it('opens as the same model as before, under its name', async () => {
    const store = memoryStore()
    const progress: [number, number][] = []
    const kept = await keepFolder(at('my model'), store, (done, total) => progress.push([done, total]))
    expect(kept.model).toBe('local:my-model')
    expect(progress.at(-1)).toEqual([kept.bytes, kept.bytes])
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).toSorted((a, b) => a - b))
    const model = await findModel(localSource(kept.model, store))
    expect(model.parameters).toBe(kept.parameters)
    expect(await (await model.fetchWeights()).hash()).toBe(await hashOf(folderSource(at('elsewhere'))))
  })

  it('may be given another name: a room calls it by the first one', async () => {
    const store = memoryStore()
    expect((await keepFolder(at('copy'), store, undefined, 'local:theirs')).model).toBe('local:theirs')
    expect(await localSource('local:theirs', store).has('config.json')).toBe(true)
  })

  it('leaves out what is no part of the model', async () => {
    const store = memoryStore()
    const folder = at('m', { 'm/README.md': 'read me', 'm/pytorch_model.bin': 'the same once more' })
    const { model, bytes } = await keepFolder(folder, store)
    const source = localSource(model, store)
    expect(await source.has('README.md')).toBe(false)
    expect(await store.read(fileName(model, 'pytorch_model.bin'))).toBeNull()
    expect(bytes).toBeLessThan(folder.reduce((sum, { file }) => sum + file.size, 0))
    await expect(source.open('README.md')).rejects.toThrow(/no README.md. Drop the whole folder/)
  })

  it('takes the place of an older one of that name, but only as a whole model', async () => {
    const store = memoryStore()
    await keepFolder(at('m'), store)
    const before = await hashOf(localSource('local:m', store))
    const broken = at('m').filter(({ path }) => !path.endsWith('00002-of-00002.safetensors'))
    await expect(keepFolder(broken, store)).rejects.toThrow(/has no such file. Download all shards/)
    await expect(keepFolder([], store)).rejects.toThrow(/no config.json. Choose the folder/)
    expect(await hashOf(localSource('local:m', store))).toBe(before)
    await keepFolder(at('m'), store)
    expect(await hashOf(localSource('local:m', store))).toBe(before)
  })

  it('is no model where the disk was full', async () => {
    const store = memoryStore()
    const full: FileStore = {
      ...store,
      async append(name) {
        const file = await store.append(name)
        const write = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'))
        return name.endsWith('00002-of-00002.safetensors') ? { ...file, write } : file
      },
    }
    await expect(keepFolder(at('m'), full)).rejects.toThrow(/takes 1 MB.*disk is full.*Free some space/)
    await expect(localSource('local:m', store).has('config.json')).rejects.toThrow(/does not keep.*local:m/)
    expect(await store.read(fileName('local:m', 'config.json'))).toBeNull()
  })

  it('is refused where its copy was damaged', async () => {
    const store = memoryStore()
    const { model } = await keepFolder(at('m'), store)
    const name = 'model-00001-of-00002.safetensors'
    const bytes = new Uint8Array(await (await store.read(fileName(model, name)))!.arrayBuffer())
    const replace = async (content: Uint8Array) => {
      await store.remove(fileName(model, name))
      const file = await store.append(fileName(model, name))
      await file.write(content)
      await file.close()
    }
    bytes[bytes.length - 1] ^= 1
    await replace(bytes)
    await expect(hashOf(localSource(model, store))).rejects.toThrow(/was damaged.*Drop the model's folder/)
    await replace(bytes.slice(0, -4))
    await expect(localSource(model, store).open(name)).rejects.toThrow(/was damaged/)
  })
})

describe('a name made of a folder’s', () => {
  it('is readable', () => {
    expect(['SmolLM2-135M', 'my model', 'Übung (2)', '..', ''].map(localModelOf)).toEqual([
      'local:SmolLM2-135M',
      'local:my-model',
      'local:Ubung-2',
      'local:folder',
      'local:folder',
    ])
  })

  it('fits into an address as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (folder) => {
        expect(localModelOf(folder)).toMatch(/^local:[\w.-]{1,60}$/)
      }),
    )
  })
})
