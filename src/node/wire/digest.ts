/**
 * What everybody is told of everybody else, as it travels: of each device only what has changed since it was last told of.
 * Whoever comes is told everything once, and follows the changes from there.
 */
import { blankDevice } from '../tab/tab'
import type { FromCoordinator } from './messages'
import type { DeviceLine, LineChange } from './parts'
import { mostDevices } from './values'

export type Digest = FromCoordinator & { readonly type: 'digest' }

/** What has become of the lines that were told. */
export function changesOf(
  told: ReadonlyMap<string, DeviceLine>,
  now: readonly DeviceLine[],
): Pick<Digest, 'devices' | 'gone'> {
  const keys = new Set(now.map(({ key }) => key))
  return {
    devices: now.flatMap((line) => changeOf(told.get(line.key), line) ?? []),
    gone: [...told.keys()].filter((key) => !keys.has(key)),
  }
}

/** Null where the line is as it was; the whole line where there was none. */
function changeOf(before: DeviceLine | undefined, line: DeviceLine): LineChange | null {
  if (!before) return line
  const changed = Object.entries(line).filter(
    ([name, value]) => !isSame(value, before[name as keyof DeviceLine]),
  )
  return changed.length === 0 ? null : { key: line.key, ...Object.fromEntries(changed) }
}

/** Of values in a line: numbers and words, and what is assigned as one small object. */
export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))

/** The lines after a digest, in the order in which they were first told. */
export function withChanges(
  known: readonly DeviceLine[],
  { begins, devices, gone }: Pick<Digest, 'begins' | 'devices' | 'gone'>,
): DeviceLine[] {
  const lines = new Map(begins ? [] : known.map((line) => [line.key, line]))
  for (const key of gone) lines.delete(key)
  for (const change of devices) {
    if (!lines.has(change.key) && lines.size >= mostDevices) continue
    const { isSelf: _, ...blank } = blankDevice(change.key, 'device', 'a device')
    lines.set(change.key, { ...(lines.get(change.key) ?? blank), ...change })
  }
  return [...lines.values()]
}
