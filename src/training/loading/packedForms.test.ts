import { describe, expect, it } from 'vitest'
import { packRows } from '../../kernels/packing'
import { deferred } from '../../lib/async'
import { directorySource } from '../../model/source/directory'
import { type FileStore, memoryStore } from '../../model/source/download/store'
import type { ModelSource } from '../../model/source/source'
import { loadModel } from '../loadModel'
import { randomModelDirectory } from '../testing'
import { fileOf } from './packedForm'
import { noForms, packedFormsIn, type Wish } from './packedForms'
import type { KeptRows } from './place'
import { keepingMachine } from './testing'

/** How often the weights' file was fetched, and from when on it gives nothing more. */
function watched(breaksAfterReads = Number.POSITIVE_INFINITY): ModelSource & { reads: number } {
  const source = directorySource(randomModelDirectory)
  const counting = { ...source, reads: 0 }
  counting.open = async (name) => {
    const file = await source.open(name)
    if (name !== 'model.safetensors') return file
    const fetch = async () => {
      const whole = await file.fetch()
      const read = async (begin: number, end: number) => {
        counting.reads++
        if (counting.reads > breaksAfterReads) throw new Error('The folder is gone.')
        return whole.read(begin, end)
      }
      return { ...whole, read }
    }
    return { ...file, fetch }
  }
  return counting
}

type How = Parameters<typeof loadModel>[2]

/** What a tab has on its machine in the end, and what it said meanwhile. */
async function tab(store: FileStore, how: How = {}, source = watched()) {
  const said: string[] = []
  const machine = keepingMachine()
  await loadModel(
    source,
    machine,
    { precision: 'int8', forms: packedFormsIn(store, 1), ...how },
    (progress) => said.push(progress.stage === 'otherwise' ? progress.why : progress.stage),
  )
  return { numbers: machine.numbers(), said: [...new Set(said)], reads: source.reads }
}

const alone = async (how: How = {}) => (await tab(memoryStore(), { forms: noForms, ...how })).numbers
const { hash } = await loadModel(watched(), keepingMachine())
const file = fileOf({ hash, format: 'int8' })

async function change(store: FileStore, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const bytes = new Uint8Array(await (await store.read(file))!.arrayBuffer())
  await store.remove(file)
  const again = await store.append(file)
  await again.write(change(bytes))
  await again.close()
}

describe('the packed form of a model', () => {
  it('is made by the first tab; the next one reads nothing else, and has the same bits', async () => {
    const store = memoryStore()
    const first = await tab(store)
    const second = await tab(store)
    expect(first.reads).toBeGreaterThan(10)
    expect(second.reads).toBe(0)
    expect(first.numbers).toEqual(await alone())
    expect(second.numbers).toEqual(first.numbers)
    expect(second.said).toEqual(['reading'])
  })

  it('is read in part by a tab that holds some layers, which writes none', async () => {
    const store = memoryStore()
    const partOf = () => ({ layers: { from: 1, to: 2 }, ends: false })
    await tab(store, { partOf })
    expect(await store.read(file)).toBeNull()
    await tab(store, { depth: 1 })
    expect(await store.read(file)).toBeNull()
    await tab(store)
    for (const how of [{ partOf }, { depth: 1 }]) {
      const part = await tab(store, how)
      expect(part.reads).toBe(0)
      expect(part.numbers).toEqual(await alone(how))
    }
  })

  it('is not made of numbers that are not packed, nor of a small model', async () => {
    const store = memoryStore()
    await tab(store, { precision: 'float32' })
    await tab(store, { forms: packedFormsIn(store) })
    expect(await store.read(fileOf({ hash, format: 'float32' }))).toBeNull()
    expect(await store.read(file)).toBeNull()
  })

  it.each([
    ['a changed byte', (bytes: Uint8Array) => bytes.with(777, bytes[777] ^ 1)],
    ['a changed last byte', (bytes: Uint8Array) => bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1)],
  ])('with %s is made again, which is said', async (_, damage) => {
    const store = memoryStore()
    await tab(store)
    await change(store, damage)
    const second = await tab(store)
    expect(second.said).toContainEqual(expect.stringMatching(/was damaged, so it was removed/))
    expect(second.numbers).toEqual(await alone())
    expect((await tab(store)).reads).toBe(0)
  })

  it('that was cut off, or begun by a tab that broke off, is none', async () => {
    const store = memoryStore()
    await tab(store)
    await change(store, (bytes) => bytes.subarray(0, 1000))
    expect((await tab(store)).numbers).toEqual(await alone())
    const other = memoryStore()
    await expect(tab(other, {}, watched(10))).rejects.toThrow('The folder is gone.')
    expect(await other.read(file)).toBeNull()
    expect((await tab(other)).numbers).toEqual(await alone())
    expect((await tab(other)).reads).toBe(0)
  })

  it.each([0, 3])(
    'is left out where the disk is full after %d writings, which is said; the model is there',
    async (most) => {
      const store = memoryStore()
      let writings = 0
      const full: FileStore = {
        ...store,
        async append(name) {
          const target = await store.append(name)
          const write = async (bytes: Uint8Array) => {
            if (++writings > most) throw new DOMException('no room', 'QuotaExceededError')
            return target.write(bytes)
          }
          return { ...target, write }
        },
      }
      const { numbers, said } = await tab(full)
      expect(numbers).toEqual(await alone())
      expect(said).toContainEqual(expect.stringMatching(/could not be kept on this browser’s disk/))
      expect(await store.read(file)).toBeNull()
    },
  )

  it('is waited for while another tab makes it', async () => {
    const store = memoryStore({ turns: 3, turnMs: 200 })
    const slowly = watched()
    const begun = deferred<void>()
    const { open } = slowly
    slowly.open = async (name) => {
      const opened = await open(name)
      const fetch = async () => {
        const whole = await opened.fetch()
        const read = async (begin: number, end: number) => {
          begun.resolve()
          await new Promise((resolve) => setTimeout(resolve, 30))
          return whole.read(begin, end)
        }
        return { ...whole, read }
      }
      return name === 'model.safetensors' ? { ...opened, fetch } : opened
    }
    const making = tab(store, {}, slowly)
    await begun.promise
    const [first, second] = await Promise.all([making, tab(store)])
    expect(second.reads).toBe(0)
    expect(second.said).toEqual(['waiting', 'reading'])
    expect(second.numbers).toEqual(first.numbers)
  })

  it('is not waited for where the tab that makes it was suspended, which is said', async () => {
    const store = memoryStore({ turns: 3, turnMs: 20 })
    void store.alone(file, () => new Promise(() => {})) // it never moves again
    const { numbers, said, reads } = await tab(store)
    expect(reads).toBeGreaterThan(10)
    expect(said).toContainEqual(expect.stringMatching(/unpacking the model and does not go on/))
    expect(numbers).toEqual(await alone())
  })

  it('goes when three others were made after it', async () => {
    const store = memoryStore()
    for (const precision of ['int8', 'nf4', 'float16'] as const) await tab(store, { precision })
    expect(await store.read(file)).not.toBeNull()
    const list = await store.read('packed-forms.json')
    expect(JSON.parse(await list!.text())).toHaveLength(3)
    await store.remove('packed-forms.json')
    const old = await store.append('packed-forms.json')
    await old.write(new TextEncoder().encode(JSON.stringify(['a', 'b', file])))
    await old.close()
    await store.remove(`${fileOf({ hash, format: 'nf4' })}.json`)
    await tab(store, { precision: 'nf4' })
    expect(await store.read(file)).toBeNull()
  })
})

describe('what a form is asked for by itself', () => {
  const weight = { name: 'w', shape: [64, 64], matrix: true, tensors: [] }
  const numbers = Float32Array.from({ length: 64 * 64 }, (_, index) => Math.sin(index))
  /** A model with one matrix and a table that its configuration makes, full of one number. */
  function wishOf(full: number, pause = async () => {}) {
    const table = {
      name: 'rope',
      shape: [2, 2],
      matrix: false,
      tensors: [],
      compute: () => new Float32Array(4).fill(full),
    }
    const remarks: string[] = []
    const wish: Wish = {
      format: 'int8',
      hash: async () => 'f'.repeat(64),
      slots: new Map([
        ['w', weight],
        ['rope', table],
      ]),
      isWhole: true,
      async *pack() {
        packs++
        yield { name: 'rope', firstRow: 0, count: 2, rows: table.compute() }
        await pause()
        yield { name: 'w', firstRow: 0, count: 64, rows: packRows(numbers, 64, 'int8') }
      },
      onProgress() {},
      onWaiting() {},
      onRemark: (remark) => void remarks.push(remark),
    }
    let packs = 0
    return { wish, remarks, packs: () => packs }
  }
  async function rowsOf(store: FileStore, { wish }: ReturnType<typeof wishOf>) {
    const rows = new Map<string, KeptRows>()
    for await (const each of packedFormsIn(store, 1).rowsFor(wish)) rows.set(each.name, each)
    return rows
  }

  it('is never what a configuration makes: the same weights may be read with another one', async () => {
    const store = memoryStore()
    await rowsOf(store, wishOf(1))
    const other = wishOf(2)
    const rows = await rowsOf(store, other)
    expect(other.packs()).toBe(0)
    expect(rows.get('rope')!.rows).toEqual(new Float32Array(4).fill(2))
  })

  it('is read by all who waited at once, however slowly one of them reads', async () => {
    const store = memoryStore({ turns: 3, turnMs: 30 })
    const begun = deferred<void>()
    const goOn = deferred<void>()
    const first = wishOf(1, () => {
      begun.resolve()
      return goOn.promise
    })
    const making = rowsOf(store, first)
    await begun.promise
    const slow = wishOf(1)
    const reading = (async () => {
      for await (const _ of packedFormsIn(store, 1).rowsFor(slow.wish))
        await new Promise((resolve) => setTimeout(resolve, 300))
    })()
    const third = wishOf(1)
    const alsoReading = rowsOf(store, third)
    goOn.resolve()
    await Promise.all([making, reading, alsoReading])
    expect([first, slow, third].map(({ packs }) => packs())).toEqual([1, 0, 0])
    expect(third.remarks).toEqual([])
  })
})
