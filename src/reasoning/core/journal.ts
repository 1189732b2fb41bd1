/**
 * What crossed one boundary between two stages of a pipeline, row by row: the hidden state of every token that is in the
 * stages' caches now. Whoever replaces a lost stage reads it again from the beginning and then holds what the lost one held.
 * (Petals keeps such a journal, too, but its replacement starts at position 0 of what is yet to come: the bug that
 * `journal.test.ts` forbids.) Rows are kept as the receiver decoded them, not as they were before a codec.
 */

export interface Journal {
  /** Rows that are held. */
  readonly length: number
  /** Writes rows [n, width] from position `at` on; what was held beyond is forgotten. Throws a RangeError where rows are skipped. */
  write(at: number, rows: Float32Array): void
  /** Rows `from` up to, not including, `to`. */
  rows(from: number, to: number): Float32Array
  trim(to: number): void
}

export function journalOf(width: number): Journal {
  let numbers = new Float32Array(64 * width)
  let length = 0

  const makeRoomFor = (rows: number): void => {
    if (rows * width <= numbers.length) return
    const larger = new Float32Array(Math.max(rows * width, 2 * numbers.length))
    larger.set(numbers)
    numbers = larger
  }
  return {
    get length() {
      return length
    },
    write(at, rows) {
      if (at > length) throw new RangeError(`The journal holds ${length} rows and cannot go on at ${at}.`)
      const end = at + rows.length / width
      makeRoomFor(end)
      numbers.set(rows, at * width)
      length = end
    },
    rows: (from, to) => numbers.slice(from * width, to * width),
    trim(to) {
      length = Math.min(length, to)
    },
  }
}
