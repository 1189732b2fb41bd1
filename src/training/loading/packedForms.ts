/**
 * The packed form of a model that the tabs of one browser share. The first tab packs the weights for itself and writes what it
 * has packed; others that come meanwhile wait for it and read that. Nothing depends on it: where the form was damaged or begun
 * and not finished, where the disk is full, or where the tab that writes was suspended, a tab packs for itself, and says so.
 * Only matrices that are packed are worth it, and only of a model whose packing takes longer than looking for it.
 */
import { z } from 'zod'
import type { WeightFormat } from '../../kernels/program'
import { sizeOfShape } from '../../kernels/value'
import { deferred } from '../../lib/async'
import { readBy } from '../../lib/schema'
import { type Alive, Stuck } from '../../model/source/download/patience'
import { type FileStore, loadJson, writeJson } from '../../model/source/download/store'
import type { Progress, Remark } from '../../model/source/source'
import type { WeightSlot } from '../../model/weights'
import {
  DamagedForm,
  type FormName,
  type FormWriter,
  fileOf,
  findForm,
  removeForm,
  writeForm,
} from './packedForm'
import type { KeptRows } from './place'

/** What a loader asks for: rows from wherever they come fastest. */
export interface Wish {
  readonly format: WeightFormat
  /** Of the model's files. */
  hash(): Promise<string>
  readonly slots: ReadonlyMap<string, WeightSlot>
  /** Whether these are all of the model's weights: a part of them is read, but not written. */
  readonly isWhole: boolean
  /** The ordinary way: reads the model's files and packs. May be asked for once more, from its beginning. */
  pack(): AsyncGenerator<KeptRows>
  readonly onProgress: Progress
  /** Another tab is packing. */
  readonly onWaiting: () => void
  readonly onRemark: Remark
}

export interface PackedForms {
  /** All rows of what is wished for; some may come twice, the later ones are as good. */
  rowsFor(wish: Wish): AsyncGenerator<KeptRows>
}

/** Every tab packs for itself. */
export const noForms: PackedForms = { rowsFor: ({ pack }) => pack() }

/** Numbers below which packing takes a fraction of a second. */
const worthwhile = 2e7

/** A wait that a person notices. */
const noticedMs = 300

/** So many forms are kept, those that were written last. */
const mostForms = 3

export function packedFormsIn(store: FileStore, leastNumbers = worthwhile): PackedForms {
  return {
    async *rowsFor(wish) {
      const { format, slots, isWhole, pack } = wish
      if (format === 'float32' || numbersOf(slots) < leastNumbers) return yield* pack()
      const name = { hash: await wish.hash(), format }
      if (yield* readForm(store, name, wish)) return
      if (!isWhole) return yield* pack()
      const lock = await take(store, fileOf(name), wish)
      if (!lock) return yield* pack()
      try {
        const isThere = (await findForm(store, name, storedOf(slots))) !== null
        if (!isThere) return yield* packAndWrite(store, name, wish, lock.alive)
      } finally {
        lock.release()
      }
      // Whoever was waited for has written it; to read it nobody need be alone.
      if (!(yield* readForm(store, name, wish))) yield* pack()
    },
  }
}

/** Weights that are made from a configuration are made anew: the form's name says nothing of that. */
const storedOf = (slots: Wish['slots']): Wish['slots'] =>
  new Map([...slots].filter(([, { compute }]) => !compute))

/** Whether there was one and it was read to its end. */
async function* readForm(
  store: FileStore,
  name: FormName,
  { slots, onProgress, onRemark }: Wish,
): AsyncGenerator<KeptRows, boolean> {
  const form = await findForm(store, name, storedOf(slots))
  if (!form) return false
  try {
    yield* form.read(onProgress)
    for (const [name, { shape, compute }] of slots)
      if (compute) yield { name, firstRow: 0, count: shape[0], rows: compute() }
    return true
  } catch (problem) {
    if (!(problem instanceof DamagedForm)) throw problem
    await removeForm(store, fileOf(name))
    onRemark(
      'The packed form of the model that this browser keeps was damaged, so it was removed, and this tab unpacks the model again.',
    )
    return false
  }
}

interface Held {
  readonly alive: Alive
  release(): void
}

/** Waits for whoever writes the form; null where that one no longer moves. */
async function take(store: FileStore, name: string, { onWaiting, onRemark }: Wish): Promise<Held | null> {
  const taken = deferred<Held>()
  const released = deferred<void>()
  const waiting = setTimeout(onWaiting, noticedMs)
  const holding = store.alone(name, async (alive) => {
    taken.resolve({ alive, release: () => released.resolve() })
    await released.promise
  })
  holding.catch(taken.reject)
  try {
    return await taken.promise
  } catch (problem) {
    if (!(problem instanceof Stuck)) throw problem
    onRemark(
      'Another tab of this browser is unpacking the model and does not go on, so this tab does it for itself. Close that tab, or go back to it.',
    )
    return null
  } finally {
    clearTimeout(waiting)
  }
}

async function* packAndWrite(
  store: FileStore,
  name: FormName,
  { slots, pack, onRemark }: Wish,
  alive: Alive,
): AsyncGenerator<KeptRows> {
  let writer: FormWriter | null = null
  /** A form that cannot be written is no reason to fail. */
  const orGiveUp = async <Result>(work: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await work()
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem
      await writer?.giveUp()
      writer = null
      onRemark(
        'The packed form of the model could not be kept on this browser’s disk, so other tabs unpack the model again. Free some disk space.',
      )
      return null
    }
  }
  writer = await orGiveUp(async () => {
    // Before anything is written: a file that is never finished is removed when others come.
    await noteForm(store, fileOf(name))
    return writeForm(store, name)
  })
  let isWhole = false
  try {
    for await (const kept of pack()) {
      alive()
      if (!slots.get(kept.name)?.compute) await orGiveUp(async () => writer?.add(kept))
      yield kept
    }
    isWhole = true
  } finally {
    // Also where the loader failed, or wants no more.
    if (!isWhole) await writer?.giveUp()
  }
  await orGiveUp(async () => writer?.end())
}

const formsList = 'packed-forms.json'
const formsSchema = z.array(z.string())

/** Puts a form first on the list of all, and removes those that are too many. */
const noteForm = (store: FileStore, file: string): Promise<void> =>
  store.alone(formsList, async () => {
    const known = readBy(formsSchema, await loadJson(store, formsList)).data ?? []
    const forms = [file, ...known.filter((other) => other !== file)]
    for (const old of forms.slice(mostForms)) await removeForm(store, old)
    await writeJson(store, formsList, forms.slice(0, mostForms))
  })

const numbersOf = (slots: ReadonlyMap<string, WeightSlot>): number =>
  [...slots.values()].reduce((sum, { shape }) => sum + sizeOfShape(shape), 0)
