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
  const state = Int32Array.from(stateOf([seed, ...labels].join('\u0000')))
  for (let warmUp = 0; warmUp < 15; warmUp++) nextWord(state)
  return {
    next() {
      return uniform(state)
    },
    int(below) {
      return Math.floor(uniform(state) * below)
    },
    pick(items) {
      return items[Math.floor(uniform(state) * items.length)]
    },
    shuffle(items) {
      const copy = [...items]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = Math.floor(uniform(state) * (last + 1))
        ;[copy[last], copy[other]] = [copy[other], copy[last]]
      }
      return copy
    },
    gaussian() {
      return Math.sqrt(-2 * Math.log(1 - uniform(state))) * Math.cos(2 * Math.PI * uniform(state))
    },
  }
}

/** sfc32's next word. Its a, b, c and counter lie in an array, where engines do not put each into a box of its own. */
function nextWord(state: Int32Array): number {
  const [b, c] = [state[1], state[2]]
  const sum = (state[0] + b + state[3]) | 0
  state[0] = b ^ (b >>> 9)
  state[1] = c + (c << 3)
  state[2] = ((c << 21) | (c >>> 11)) + sum
  state[3]++
  return sum >>> 0
}

const uniform = (state: Int32Array): number => nextWord(state) / 2 ** 32

/** Four 32-bit words from a label: four FNV-1a hashes with different offsets, finished by murmur3's mixer. */
const stateOf = (label: string): readonly number[] =>
  [0, 0x9e3779b9, 0x3c6ef372, 0xdaa66d2b].map((offset) => hashOf(label, offset))

function hashOf(label: string, offset: number): number {
  let hash = 0x811c9dc5 ^ offset
  for (let index = 0; index < label.length; index++)
    hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}
