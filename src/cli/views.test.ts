import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, describe, expect, it } from 'vitest'
import { paint, side } from '../corpora/pictures/paint'
import { wordsOf } from '../corpora/pictures/patches'
import { sceneOf } from '../corpora/pictures/scene'
import { random } from '../lib/rng'
import { UsageError } from './flags'
import { readView } from './views'

const folder = mkdtempSync(join(tmpdir(), 'gossamer-views-'))
afterAll(() => rmSync(folder, { recursive: true }))
const written = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return `@${join(folder, name)}`
}

const pixels = paint(sceneOf(random(6, 'png')), random(6, 'hand'))
const size = { width: side.picture, height: side.picture }
const rgb = Uint8Array.from(pixels, Math.round)

describe('a view', () => {
  it('is a text as it stands', () => {
    expect(readView('Today Mira chose the circle.')).toBe('Today Mira chose the circle.')
  })

  it('is the words of a picture where a file is named, with opacity or without, of 8 bits or 16', () => {
    const rgba = Uint8Array.from({ length: side.picture ** 2 * 4 }, (_, at) =>
      at % 4 === 3 ? 255 : rgb[Math.floor(at / 4) * 3 + (at % 4)],
    )
    const deep = Uint16Array.from(rgb, (value) => value * 257)
    const files = [
      written('rgb.png', encode({ ...size, data: rgb, channels: 3 })),
      written('rgba.png', encode({ ...size, data: rgba, channels: 4 })),
      written('deep.png', encode({ ...size, data: deep, channels: 3, depth: 16 })),
    ]
    for (const file of files) expect(readView(file)).toBe(wordsOf(pixels))
  })

  it('reads black and white of one bit', () => {
    const bits = Uint8Array.from({ length: 6 * side.picture }, () => 0b10101010)
    const one = written('bits.png', encode({ ...size, data: bits, channels: 1, depth: 1 }))
    const grey = Uint8Array.from({ length: side.picture ** 2 }, (_, at) => (at % 2 === 0 ? 255 : 0))
    expect(readView(one)).toBe(readView(written('grey.png', encode({ ...size, data: grey, channels: 1 }))))
  })

  const broken = encode({ ...size, data: rgb, channels: 3 })
  const huge = Uint8Array.from(broken)
  new DataView(huge.buffer).setUint32(16, 1_000_000)
  it.each([
    ['no file', '@/nowhere.png', 'cannot be read'],
    ['no picture', written('text.png', new TextEncoder().encode('a letter')), 'no PNG'],
    ['an empty file', written('empty.png', new Uint8Array()), 'empty'],
    ['a signature alone', written('short.png', broken.slice(0, 12)), 'no PNG'],
    ['half a picture', written('half.png', broken.slice(0, 200)), 'no PNG'],
    ['a picture that announces billions of pixels', written('huge.png', huge), 'million'],
    [
      'a picture of a few pixels',
      written('small.png', encode({ width: 2, height: 2, data: new Uint8Array(12), channels: 3 })),
      'too few',
    ],
  ])('is refused where it is %s', (_, view, words) => {
    expect(() => readView(view)).toThrow(UsageError)
    expect(() => readView(view)).toThrow(words)
  })
})
