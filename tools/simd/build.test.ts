import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { binaries, compileSimd, signaturesPath } from './build'

describe('the committed SIMD binaries', () => {
  it.each(binaries)(
    'are what their source compiles to ($features)',
    async ({ path, features, isShared }) => {
      const committed = new Uint8Array(readFileSync(path))
      const { binary, signatures } = await compileSimd(features, isShared)
      expect(Buffer.compare(binary, committed), 'run `npm run simd` and commit its output').toBe(0)
      expect(signatures, 'run `npm run simd` and commit its output').toBe(
        readFileSync(signaturesPath, 'utf8'),
      )
    },
    300_000,
  )
})
