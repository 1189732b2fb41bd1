/**
 * Several texts that one adapter and one stretch of the model go on with, read in one pass: their next rows lie one after the
 * other, and one product serves them all, which costs little more than one text's. Each text has a slot, with a cache and a
 * position of its own, and is trimmed and closed by itself; slots are taken and closed at any time. Where all are taken,
 * `grow` makes room for twice as many, and what the caches hold moves along.
 *
 * A text's numbers are, to the last bit, those that it has alone: the kernels compute a row alike in any company. Rows are
 * read in fixed numbers, padded where fewer are there, in the smallest bucket that holds them. Passes run one by one.
 */
import type { Backend } from '../kernels/activate'
import type { drawNumbers } from '../kernels/choosing/chooseToken'
import type { Inputs } from '../kernels/machines/machine'
import { oneByOne } from '../lib/async'
import type { Adapter } from './adapter'
import type { LanguageModel } from './languageModel'
import { cacheName } from './programs/decoding'
import { lacksFor, type Stretch } from './stretch'
import type { Workspace } from './workspace'

/** Token ids, or rows [n, width], whichever the stretch reads. */
export type Readable = readonly number[] | Float32Array

/** Rows of one pass, at most. */
export const rowsAtOnce = 64

/** The longest text that a cache holds: more would take much memory for models that only boast of a long context. */
const longestText = 2048

/** Rows at once. A GPU is as fast with 16 as with one; a processor takes them by fours, and its programs cost nothing to make. */
const byFours = [1, ...Array.from({ length: rowsAtOnce / 4 }, (_, four) => 4 * (four + 1))]
const rowBuckets = { webgpu: [16, rowsAtOnce], wasm: byFours, cpu: byFours }

/** Positions that a cache of this model holds. */
export const capacityOf = (contextLength: number): number => Math.min(contextLength, longestText)

export type DrawNumbers = ReturnType<typeof drawNumbers>

export interface TextSlot {
  readonly place: number
  /** How many tokens it has read. */
  readonly position: number
}

/** The next rows of a text. */
export interface Writing {
  readonly slot: TextSlot
  readonly input: Readable
}

export interface Reading extends Writing {
  /** What is wanted of its rows: what the stretch gives after each of them, or after the last alone. */
  readonly wanted: 'each' | 'last'
}

/** Rows of a pass that belong to one text. */
interface Laid<Given extends Writing> {
  readonly given: Given
  readonly begin: number
  readonly end: number
}

export class Pool {
  readonly stretch: Stretch
  /** How many positions a text can have. */
  readonly capacity: number
  /** Numbers in a row of what the stretch reads. */
  readonly rowSize: number
  readonly backend: Backend
  readonly #model: LanguageModel
  readonly #adapter: Adapter | null
  readonly #buckets: readonly number[]
  readonly #inTurn = oneByOne()
  #workspace: Workspace
  #hasCaches = false
  /** By place; null where a place is free. */
  #slots: ({ readonly place: number; position: number } | null)[] = [null]

  /** Throws a RangeError where the model does not hold the stretch. */
  constructor(model: LanguageModel, adapter: Adapter | null, stretch: Stretch) {
    const lacking = lacksFor(model.part, stretch)
    if (lacking) throw new RangeError(lacking)
    this.stretch = stretch
    this.capacity = capacityOf(model.config.contextLength)
    this.rowSize = stretch.reads === 'ids' ? 1 : model.config.width
    this.backend = model.backend
    this.#model = model
    this.#adapter = adapter
    this.#buckets = rowBuckets[model.backend]
    this.#workspace = model.open(adapter)
  }

  /** A slot for a text that has read nothing yet; null where all are taken. */
  take(): TextSlot | null {
    const place = this.#slots.indexOf(null)
    if (place === -1) return null
    const slot = { place, position: 0 }
    this.#slots[place] = slot
    return slot
  }

  /** Makes room where there is none. Where memory does not suffice, all stays as it was. */
  grow(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#slots.includes(null)) await this.#double()
    })
  }

  /** Forgets everything of a text from `position` on. Throws a RangeError beyond what was read. */
  trim(slot: TextSlot, position: number): void {
    const own = this.#own(slot)
    if (position < 0 || position > own.position)
      throw new RangeError(`Cannot trim ${own.position} positions to ${position}.`)
    own.position = position
  }

  /** Leaves a text's place to another. */
  close(slot: TextSlot): void {
    if (this.#slots[slot.place] === slot) this.#slots[slot.place] = null
  }

  /** How many rows these are. Throws a RangeError where they are not whole, or none, or more than the text has room for. */
  rowsFor({ position }: TextSlot, input: Readable): number {
    const rows = input.length / this.rowSize
    if (!Number.isInteger(rows))
      throw new RangeError(`Rows of ${this.rowSize} numbers cannot be ${input.length}.`)
    if (rows === 0 || position + rows > this.capacity)
      throw new RangeError(
        `A decoder of ${this.capacity} positions cannot read ${rows} more after ${position}.`,
      )
    return rows
  }

  /**
   * One pass over at most `rowsAtOnce` rows in all, of each text once. For each reading what the stretch gives [n, …]: logits,
   * or rows for the layer after.
   */
  read(readings: readonly Reading[]): Promise<readonly Float32Array[]> {
    return this.#inTurn(() => this.#read(readings))
  }

  /**
   * A text goes on by itself, once for each of `draws`, at most `trailLength` times: it reads `id` (null: the token that was chosen
   * last in this pool) and chooses the next, which it reads then. Resolves when all that has begun; the trail will hold what was
   * chosen (kernels/choosing/chooseToken.ts).
   */
  goOn(
    slot: TextSlot,
    id: number | null,
    draws: readonly DrawNumbers[],
  ): Promise<{ readonly trail: Promise<Float32Array> }> {
    return this.#inTurn(async () => {
      const own = this.#own(slot)
      const { layers } = this.stretch
      const runnable = await this.#workspace.continuing({ layers, ...this.#caches() })
      const { session } = this.#workspace
      if (id !== null) session.write('chosen', Int32Array.of(id))
      for (const draw of draws) {
        const spans = new Int32Array(2 * this.#slots.length)
        spans.set([own.position, 1], 2 * own.place)
        const positionIds = Int32Array.of(own.position++)
        await runnable.run({ positionIds, spans, rowIndex: Int32Array.of(0), draws: Int32Array.from(draw) })
      }
      return { trail: session.read('trail') }
    })
  }

  /** The logits after `id`, which stands at `position` and was read before: to the same bits, and nothing else changes. */
  readAgain(slot: TextSlot, position: number, id: number): Promise<Float32Array> {
    return this.#inTurn(async () => {
      const own = this.#own(slot)
      const { position: end } = own
      this.trim(slot, position)
      try {
        const [row] = await this.#read([{ slot, input: [id], wanted: 'last' }])
        return row
      } finally {
        own.position = end
      }
    })
  }

  /** As `read`, but the rows skip the layers: these keep the keys and values that they would have had, and give nothing. */
  fill(writings: readonly Writing[]): Promise<void> {
    return this.#inTurn(async () => {
      const { laid, rows, spans } = this.#layOut(writings)
      const { layers } = this.stretch
      if (layers.from === layers.to) return
      const runnable = await this.#workspace.filling({ layers, ...this.#caches(), rows })
      await runnable.run({ ...this.#inputsOf(laid, rows), spans })
    })
  }

  dispose(): void {
    this.#workspace.session.dispose()
  }

  async #read(readings: readonly Reading[]): Promise<readonly Float32Array[]> {
    const { laid, rows, spans } = this.#layOut(readings)
    const { gives } = this.stretch
    const chosen: number[] = []
    const pieces = new Map<Reading, readonly [number, number]>()
    for (const { given, begin, end } of laid) {
      const from = given.wanted === 'last' ? end - 1 : begin
      const place = gives === 'hidden' ? from : chosen.length // all hidden rows come out, of logits the chosen ones
      pieces.set(given, [place, place + end - from])
      for (let row = from; row < end; row++) chosen.push(row)
    }
    const wanted = gives === 'hidden' ? rows : chosen.length === 1 ? 1 : this.#bucketOf(chosen.length)
    const runnable = await this.#workspace.decoding({ ...this.stretch, ...this.#caches(), rows, wanted })
    const rowIndex = Int32Array.from({ length: wanted }, (_, place) => chosen[place] ?? 0)
    const result = await runnable.run({ ...this.#inputsOf(laid, rows), spans, rowIndex }, [gives])
    const width = gives === 'logits' ? this.#model.config.vocabulary : this.#model.config.width
    return readings.map((reading) => {
      const [from, to] = pieces.get(reading)!
      return result[gives].subarray(from * width, to * width)
    })
  }

  #own(slot: TextSlot) {
    const own = this.#slots[slot.place]
    if (own !== slot) throw new RangeError('This text is closed already.')
    return own
  }

  #bucketOf(rows: number): number {
    return this.#buckets.find((bucket) => bucket >= rows)!
  }

  /** What programs must know of the caches, which are there from now on. */
  #caches() {
    this.#hasCaches = true
    return { slots: this.#slots.length, capacity: this.capacity }
  }

  /** Lays rows one after the other in the order of the slots, and lets the texts go on by so many. */
  #layOut<Given extends Writing>(writings: readonly Given[]) {
    const laid: Laid<Given>[] = []
    let end = 0
    for (const given of writings.toSorted((one, other) => one.slot.place - other.slot.place)) {
      const begin = end
      end += this.rowsFor(this.#own(given.slot), given.input)
      laid.push({ given, begin, end })
    }
    if (new Set(writings.map(({ slot }) => slot)).size < writings.length)
      throw new RangeError('A text goes on once in a pass.')
    if (end > rowsAtOnce) throw new RangeError(`A pass has at most ${rowsAtOnce} rows, not ${end}.`)
    const spans = new Int32Array(2 * this.#slots.length)
    for (const { given, begin, end } of laid) {
      const own = this.#own(given.slot)
      spans.set([own.position, end - begin], 2 * own.place)
      own.position += end - begin
    }
    return { laid, rows: this.#bucketOf(end), spans }
  }

  #inputsOf(laid: readonly Laid<Writing>[], rows: number): Inputs {
    if (this.stretch.reads === 'hidden') {
      const hidden = new Float32Array(rows * this.rowSize)
      for (const { given, begin } of laid) hidden.set(given.input, begin * this.rowSize)
      return { hidden }
    }
    const ids = new Int32Array(rows)
    const positionIds = new Int32Array(rows)
    for (const { given, begin, end } of laid) {
      ids.set(given.input, begin)
      const first = given.slot.position - (end - begin) // it has gone on already
      for (let row = begin; row < end; row++) positionIds[row] = first + row - begin
    }
    return { ids, positionIds }
  }

  /** Slots are the caches' outermost side, so what they hold is the beginning of what the larger ones hold. */
  async #double(): Promise<void> {
    const larger = this.#model.open(this.#adapter)
    const { from, to } = this.stretch.layers
    try {
      for (let block = from; block < to && this.#hasCaches; block++) {
        const held = await this.#workspace.session.read(cacheName(block))
        const room = new Float32Array(2 * held.length)
        room.set(held)
        larger.session.write(cacheName(block), room)
      }
    } catch (problem) {
      larger.session.dispose()
      throw problem
    }
    this.#workspace.session.dispose()
    this.#workspace = larger
    this.#slots = [...this.#slots, ...this.#slots.map(() => null)]
  }
}
