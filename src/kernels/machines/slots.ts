/**
 * The blocks of memory behind arenas. Programs of one session never run at the same time, so their slots may be the same
 * blocks: a program takes the tightest unused block for each slot and makes a new one only where none fits. Where memory
 * runs out, what was made for that program is given back, so that a smaller one finds room.
 */
export class Slots<Block> {
  #blocks: { readonly bytes: number; readonly block: Block }[] = []
  readonly #create: (bytes: number) => Block
  readonly #destroy: (block: Block) => void

  constructor(create: (bytes: number) => Block, destroy: (block: Block) => void) {
    this.#create = create
    this.#destroy = destroy
  }

  /** One block for each size, no block twice. Where one cannot be made, those that were made for the others are destroyed. */
  take(sizes: readonly number[]): Block[] {
    const before = new Set(this.all())
    try {
      return this.#take(sizes)
    } catch (problem) {
      this.keepOnly(before)
      throw problem
    }
  }

  /** Destroys all other blocks. */
  keepOnly(kept: ReadonlySet<Block>): void {
    for (const { block } of this.#blocks) if (!kept.has(block)) this.#destroy(block)
    this.#blocks = this.#blocks.filter(({ block }) => kept.has(block))
  }

  #take(sizes: readonly number[]): Block[] {
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

  all(): Block[] {
    return this.#blocks.map(({ block }) => block)
  }

  #add(bytes: number): Block {
    const block = this.#create(bytes)
    this.#blocks.push({ bytes, block })
    return block
  }
}
