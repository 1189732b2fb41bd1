/** What this tab, or a worker of it, may take of the processor's memory: browsers say little about it. */

/** Chromium says how many GiB the device has, up to 8; other tabs live there too. Null: nobody knows. */
export const memoryBytes = (): number | null =>
  'deviceMemory' in navigator ? (Number(navigator.deviceMemory) * 2 ** 30) / 4 : null
