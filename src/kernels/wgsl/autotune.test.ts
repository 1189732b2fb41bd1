import { describe, expect, it } from 'vitest'
import { noGpu, openDawnAdapter } from '../machines/testing'
import { tuneTiles } from './autotune'
import { exactTiles, fits } from './tiles'

/** A store in memory, which at first answers everything with `damaged`. */
function memory(damaged: string) {
  const kept = new Map<string, string>()
  return {
    kept,
    get: async (key: string) => kept.get(key) ?? damaged,
    set: async (key: string, value: string) => void kept.set(key, value),
  }
}

describe('tuning', () => {
  it('finds tiles that fit, unless a visit before has left some that do', async ({ skip }) => {
    const adapter = await openDawnAdapter()
    if (!adapter) return skip(noGpu)
    const device = await adapter.requestDevice()
    const store = memory('{"NN": {"rows": 3}}')
    const tiles = await tuneTiles(device, 'a test', store)
    for (const layout of ['NN', 'NT', 'TN'] as const)
      expect(fits(tiles[layout], layout, { maxWorkgroupStorageBytes: 16384, maxInvocations: 256 })).toBe(true)

    const [key] = store.kept.keys()
    expect(key).toContain('a test')
    expect(await tuneTiles(device, 'a test', store)).toEqual(tiles)
    store.kept.set(key, JSON.stringify(exactTiles))
    expect(await tuneTiles(device, 'a test', store)).toEqual(exactTiles)
  })
})
