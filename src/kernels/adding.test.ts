/** “Add a kernel” (docs/contributing.md): the example there, on every machine of this computer. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { blend } from './fixtures/blend'
import { expectEverywhere, gaussians } from './products/testing'

describe('the kernel of the example', () => {
  it('stands in the page that says how, as it is here', () => {
    const page = readFileSync('docs/contributing.md', 'utf8')
    expect(page).toContain(readFileSync('src/kernels/fixtures/blend.ts', 'utf8').trim())
  })

  it.each([3, 8, 1032])('goes a step of the way, in all of its forms alike: %i numbers', async (size) => {
    const numbers = { y: gaussians(1, size), x: gaussians(2, size), t: Float32Array.of(0.25) }
    const expected = numbers.y.map((y, place) => y + 0.25 * (numbers.x[place] - y))
    await expectEverywhere(
      (p) => ({
        y: blend(p, { y: p.state('y', [size]), x: p.input('x', [size]), t: p.input('t', [1]) }),
      }),
      numbers,
      { y: expected },
      1e-6,
    )
  })
})
