import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { binaries, compileSimd } from './build'

describe('the committed SIMD binaries', () => {
  it.each(binaries)(
    'are what their source compiles to ($features)',
    async ({ path, features }) => {
      const committed = new Uint8Array(readFileSync(path))
      const compiled = await compileSimd(features)
      expect(Buffer.compare(compiled, committed), 'run `npm run simd` and commit its output').toBe(0)
    },
    300_000,
  )
})
