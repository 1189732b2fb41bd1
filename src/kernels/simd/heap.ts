/**
 * Allocation in a WebAssembly memory: first fit over a list of free blocks in order of address, where neighbours that are
 * free grow together. Weights, states and slots of arenas live here: large blocks, allocated rarely, so nothing cleverer
 * pays. The memory grows as needed and never shrinks; growing it detaches the old `buffer`.
 */
import { OutOfMemory } from '../outOfMemory'

/** A cache line, so that no vector lies across two of them. */
const alignment = 64
const bytesPerPage = 65536
const bytesPerMebibyte = 2 ** 20

interface Block {
  readonly address: number
  readonly bytes: number
}

export class Heap {
  readonly #memory: WebAssembly.Memory
  /** Free blocks by address; no two of them touch. */
  #free: Block[] = []
  readonly #taken = new Map<number, number>()
  /** Where the memory ends that free or taken blocks cover. */
  #end: number

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory
    this.#end = Math.max(aligned(base), alignment) // 0 stands for no address
  }

  /** The address of `bytes` bytes, a multiple of 64. Throws `OutOfMemory` where even a larger memory has no room. */
  allocate(bytes: number): number {
    const size = Math.max(aligned(bytes), alignment)
    if (!this.#free.some((block) => block.bytes >= size)) this.#grow(size)
    const index = this.#free.findIndex((block) => block.bytes >= size)
    const block = this.#free[index]
    const rest = { address: block.address + size, bytes: block.bytes - size }
    this.#free.splice(index, 1, ...(rest.bytes > 0 ? [rest] : []))
    this.#taken.set(block.address, size)
    return block.address
  }

  free(address: number): void {
    const bytes = this.#taken.get(address)
    if (bytes === undefined) throw new RangeError(`Nothing is allocated at ${address}.`)
    this.#taken.delete(address)
    this.#release({ address, bytes })
  }

  /** Makes the last free block at least `size` bytes long. */
  #grow(size: number): void {
    const last = this.#free.at(-1)
    const missing = last && last.address + last.bytes === this.#end ? size - last.bytes : size
    const pages = Math.ceil((this.#end + missing - this.#memory.buffer.byteLength) / bytesPerPage)
    if (pages > 0) growMemory(this.#memory, pages, size)
    const end = this.#memory.buffer.byteLength
    const added = { address: this.#end, bytes: end - this.#end }
    this.#end = end
    this.#release(added)
  }

  /** Puts a block back in its place, together with the free blocks that it touches. */
  #release({ address, bytes }: Block): void {
    const after = this.#free.findIndex((block) => block.address > address)
    const place = after < 0 ? this.#free.length : after
    const [before, behind] = [this.#free[place - 1], this.#free[place]]
    const joinsBefore = before !== undefined && before.address + before.bytes === address
    const joinsBehind = behind !== undefined && address + bytes === behind.address
    const joined = {
      address: joinsBefore ? before.address : address,
      bytes: bytes + (joinsBefore ? before.bytes : 0) + (joinsBehind ? behind.bytes : 0),
    }
    this.#free.splice(place - (joinsBefore ? 1 : 0), (joinsBefore ? 1 : 0) + (joinsBehind ? 1 : 0), joined)
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment

function growMemory(memory: WebAssembly.Memory, pages: number, wanted: number): void {
  try {
    memory.grow(pages)
  } catch (cause) {
    const [more, has] = [wanted, memory.buffer.byteLength].map((bytes) => Math.ceil(bytes / bytesPerMebibyte))
    throw new OutOfMemory(
      `There is no room for ${more} MB more in the engine's memory of ${has} MB: choose a smaller model or a smaller batch.`,
      { cause },
    )
  }
}
