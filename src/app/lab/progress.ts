/** How far a run of the Lab has come, and of how much: of so many rounds, or of the time that it goes on for. */
import type { Words } from '../words/en'
import type { Curve } from './runs'

export function progressOf(
  words: Words,
  { seed, points, lastsSeconds }: Pick<Curve, 'seed' | 'points' | 'lastsSeconds'>,
  rounds: number,
): string {
  const point = points.at(-1)
  if (!point) return words.lab.preparing(seed)
  return lastsSeconds === null
    ? words.lab.running(seed, point.round, rounds)
    : words.lab.runningFree(seed, words.duration(point.seconds), words.duration(lastsSeconds), point.version)
}
