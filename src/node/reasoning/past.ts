/**
 * The newest versions of the merged adapter. A text is made with the version that was the newest when it began, and tabs that
 * join it meanwhile must hold the same.
 */

/** A version comes every few seconds at most, and no text takes long. */
const mostKept = 4

export interface Past {
  adapter(hash: string): Uint8Array | null
  remember(hash: string, bytes: Uint8Array): void
}

export function openPast(): Past {
  const kept = new Map<string, Uint8Array>()
  return {
    adapter: (hash) => kept.get(hash) ?? null,
    remember(hash, bytes) {
      kept.delete(hash)
      kept.set(hash, bytes)
      for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest)
    },
  }
}
