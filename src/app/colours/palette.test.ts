import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { further } from './palette'

const tokens = readFileSync(new URL('../theme/tokens.css', import.meta.url), 'utf8')
const themes = ['light', 'dark'] as const
type Theme = (typeof themes)[number]

/** A token of the theme, as it stands in the style sheet. */
function token(name: string, theme: Theme): string {
  const pair = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)
  if (!pair) throw new Error(`There is no token “${name}”.`)
  return pair[theme === 'light' ? 1 : 2]
}

const colours = (theme: Theme): string[] => [
  ...Array.from({ length: 8 }, (_, place) => token(`device-${place}`, theme)),
  ...further.map((pair) => pair[theme === 'light' ? 0 : 1]),
]

/** Linear light of red, green and blue, as WCAG and OKLab begin. */
const linear = (hex: string): number[] =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })

function contrast(a: string, b: string): number {
  const [high, low] = [a, b]
    .map((hex) => {
      const [red, green, blue] = linear(hex)
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    })
    .sort((one, other) => other - one)
  return (high + 0.05) / (low + 0.05)
}

/** Björn Ottosson's OKLab: distances in it are differences as people see them; 0.02 is just noticeable. */
function oklab(hex: string): number[] {
  const [r, g, b] = linear(hex)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function closest(hexes: readonly string[]): number {
  const points = hexes.map(oklab)
  const distances = points.flatMap((a, at) =>
    points.slice(0, at).map((b) => Math.hypot(...a.map((value, axis) => value - b[axis]))),
  )
  return Math.min(...distances)
}

describe.each(themes)('the %s colours of devices', (theme) => {
  it('can be read as text on every ground of the theme', () => {
    for (const ground of ['ground', 'panel', 'raised', 'sunken'])
      for (const colour of colours(theme))
        expect(contrast(colour, token(ground, theme)), `${colour} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })

  it('are told apart: sixteen clearly, sixty-four still', () => {
    const sun = token('sun', theme)
    expect(closest([...colours(theme).slice(0, 16), sun])).toBeGreaterThan(0.05)
    expect(closest([...colours(theme), sun])).toBeGreaterThan(0.035)
  })
})
