/** A profile as a table: what a step's milliseconds on the GPU go to, and at which rate products run. */

import { aligned } from './columns'
import type { ProfileRow } from './run/profile'

/** Kinds of dispatches that take less than this share together make the last line. */
const leastShare = 0.004

/** Of `steps` steps. */
export function profileTable(rows: readonly ProfileRow[], steps: number): string {
  const all = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const large = rows.filter(({ milliseconds }) => milliseconds >= leastShare * all)
  const rest = rows.filter((row) => !large.includes(row))
  const lines = large.map(({ label, groups, dispatches, milliseconds }) => [
    label,
    groups.join('x'),
    (dispatches / steps).toFixed(0),
    (milliseconds / dispatches).toFixed(3),
    (milliseconds / steps).toFixed(2),
    `${((100 * milliseconds) / all).toFixed(1)} %`,
    rateOf(label, milliseconds / dispatches),
  ])
  const others = rest.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const otherCount = rest.reduce((sum, { dispatches }) => sum + dispatches, 0)
  const last = ['all others', '', (otherCount / steps).toFixed(0), '', (others / steps).toFixed(2)]
  return [
    `Time on the GPU of ${steps} steady steps: ${(all / steps).toFixed(2)} ms a step`,
    ...aligned([
      ['dispatch', 'groups', 'a step', 'ms each', 'ms a step', 'share', 'TFLOP/s'],
      ...lines,
      [...last, `${((100 * others) / all).toFixed(1)} %`, ''],
    ]),
  ].join('\n')
}

/** Products say their size in their label: "128 x 768 over 50257". */
function rateOf(label: string, milliseconds: number): string {
  const size = /(\d+) x (\d+) over (\d+)/.exec(label)
  if (!size) return ''
  const [rows, columns, depth] = size.slice(1).map(Number)
  return ((2 * rows * columns * depth) / milliseconds / 1e9).toFixed(1)
}
