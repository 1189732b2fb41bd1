/** A text's beginning in four bytes: whether two tabs have read the same, without saying it again (FNV-1a, 32 bits). */
export function prefixOf(ids: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const id of ids)
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((id >>> shift) & 0xff), 0x01000193)
  return hash >>> 0
}
