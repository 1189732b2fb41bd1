/**
 * The largest and the smallest of a list of any length. `Math.max(...list)` passes the list as arguments, and beyond some
 * 125,000 of them a browser throws "Maximum call stack size exceeded": it is for lists whose length is known to be small.
 */

/** -Infinity where there is none. */
export const largestOf = (values: Iterable<number>): number => {
  let largest = Number.NEGATIVE_INFINITY
  for (const value of values) largest = Math.max(largest, value)
  return largest
}

/** Infinity where there is none. */
export const smallestOf = (values: Iterable<number>): number => {
  let smallest = Number.POSITIVE_INFINITY
  for (const value of values) smallest = Math.min(smallest, value)
  return smallest
}
