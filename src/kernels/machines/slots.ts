/**
 * The blocks of memory behind arenas. Programs of one session never run at the same time, so their slots may be the same
 * blocks: a program takes the tightest unused block for each slot and makes a new one only where none fits.
 */
export class Slots<Block> {
  readonly #blocks: { readonly bytes: number; readonly block: Block }[] = []
  readonly #create: (bytes: number) => Block

  constructor(create: (bytes: number) => Block) {
    this.#create = create
  }

  /** One block for each size, no block twice. */
  take(sizes: readonly number[]): Block[] {
    const taken = new Set<Block>()
    const blocks = new Array<Block>(sizes.length)
    const largestFirst = sizes.map((_, slot) => slot).sort((one, other) => sizes[other] - sizes[one])
    for (const slot of largestFirst) {
      const fitting = this.#blocks
        .filter(({ bytes, block }) => bytes >= sizes[slot] && !taken.has(block))
        .sort((one, other) => one.bytes - other.bytes)
      const block = fitting[0]?.block ?? this.#add(sizes[slot])
      taken.add(block)
      blocks[slot] = block
    }
    return blocks
  }

  get bytes(): number {
    return this.#blocks.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  all(): Block[] {
    return this.#blocks.map(({ block }) => block)
  }

  #add(bytes: number): Block {
    const block = this.#create(bytes)
    this.#blocks.push({ bytes, block })
    return block
  }
}
