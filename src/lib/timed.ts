/**
 * How long parts of a larger work take, where whoever profiles can read it: as measures of the User Timing API, which the
 * browser's own tools draw and `npm run bench -- loading` adds up. A wait counts, too: parts that run beside each other add
 * up to more than the whole.
 */

/** The parts of loading a model. `reading` is the wait for bytes, which are read and hashed while others are worked on. */
export type TimedPart = 'reading' | 'hashing' | 'converting' | 'packing' | 'uploading' | 'compiling'

const prefix = 'gossamer '

/** Runs `work` and notes how long it took, also where it throws. */
export function timed<Result>(part: TimedPart, work: () => Result): Result {
  const start = performance.now()
  const note = (): void => void performance.measure(`${prefix}${part}`, { start, end: performance.now() })
  let result: Result
  try {
    result = work()
  } catch (problem) {
    note()
    throw problem
  }
  if (result instanceof Promise) result.then(note, note)
  else note()
  return result
}
