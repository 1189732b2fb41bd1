/** A file that needs no fetching: what a person dropped, what lies on a disk or in memory. */
import { type RunningHash, startSha256 } from '../../lib/hash'
import { hashedAsRead } from './pieces'
import type { RandomAccess, SourceFile } from './source'

/** It is hashed as it is read, by `startHash`. */
export const fileAtHand = (
  name: string,
  file: RandomAccess,
  startHash: () => RunningHash = startSha256,
): SourceFile => ({
  name,
  size: file.size,
  read: file.read,
  fetch: async () => hashedAsRead(file, startHash()),
})
