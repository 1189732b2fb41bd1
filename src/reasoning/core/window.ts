/**
 * Which part of a text a model reads. A decoder holds so many positions; a text that outgrows them forgets its older half, and
 * goes on from there. Every mode asks this one function, so all of them read the same tokens and can say the same.
 */

/**
 * Where the window of a text of `length` tokens begins, whose first `promptLength` were given. It depends on nothing else, so a
 * tab that takes over in mid-sentence finds the same place.
 */
export function windowStart(length: number, promptLength: number, capacity: number): number {
  const half = Math.ceil(capacity / 2)
  const atFirst = promptLength > capacity ? promptLength - half : 0
  const slide = capacity + 1 - half
  const slides = Math.max(0, Math.ceil((length - atFirst - capacity) / slide))
  return atFirst + slides * slide
}

/** How many tokens two texts begin with alike. */
export function commonPrefix(one: readonly number[], other: readonly number[]): number {
  const most = Math.min(one.length, other.length)
  let length = 0
  while (length < most && one[length] === other[length]) length++
  return length
}
