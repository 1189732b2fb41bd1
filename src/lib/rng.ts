/**
 * Seeded randomness. Everything in Gossamer that looks random comes from here, so that the same URL repeats the same
 * experiment. A stream is named by a seed and a list of labels: `random(7, 'facts', 2)` is the same in every tab, and
 * streams with different labels are independent. The generator is sfc32 (Chris Doty-Humphrey, PractRand); it is not
 * for cryptography: secrets come from `crypto.getRandomValues`.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, below). */
  int(below: number): number
  /** One element of a non-empty list. */
  pick<T>(items: readonly T[]): T
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** Standard normal (Box-Muller). */
  gaussian(): number
}

export function random(seed: number, ...labels: (string | number)[]): Random {
  let [a, b, c, counter] = stateOf([seed, ...labels].join('\u0000'))
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let warmUp = 0; warmUp < 15; warmUp++) word()
  const next = () => word() / 2 ** 32
  const int = (below: number) => Math.floor(next() * below)
  return {
    next,
    int,
    pick: (items) => items[int(items.length)],
    shuffle: (items) => {
      const copy = [...items]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = int(last + 1)
        ;[copy[last], copy[other]] = [copy[other], copy[last]]
      }
      return copy
    },
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

/** Four 32-bit words from a label: four FNV-1a hashes with different offsets, finished by murmur3's mixer. */
function stateOf(label: string): [number, number, number, number] {
  const word = (offset: number) => {
    let hash = 0x811c9dc5 ^ offset
    for (let index = 0; index < label.length; index++)
      hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) | 0
  }
  return [word(0), word(0x9e3779b9), word(0x3c6ef372), word(0xdaa66d2b)]
}
