import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { deflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import { afterAll, describe, expect, it } from 'vitest'
import { paint, side } from '../corpora/pictures/paint'
import { wordsOf } from '../corpora/pictures/patches'
import { sceneOf } from '../corpora/pictures/scene'
import { random } from '../lib/rng'
import { findDirectory } from '../training/headless'
import { UsageError } from './flags'
import { readView, readViews } from './views'

const folder = mkdtempSync(join(tmpdir(), 'gossamer-views-'))
afterAll(() => rmSync(folder, { recursive: true }))
const written = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return `@${join(folder, name)}`
}

const pixels = paint(sceneOf(random(6, 'png')), random(6, 'hand'))
const size = { width: side.picture, height: side.picture }
const rgb = Uint8Array.from(pixels, Math.round)

const every = (from: number, step: number): readonly number[] =>
  Array.from({ length: Math.ceil((side.picture - from) / step) }, (_, at) => from + at * step)

/** Eight to a byte, the first in its highest bit. */
const bitsOf = (bits: readonly boolean[]): Buffer =>
  Buffer.from(
    every(0, 8)
      .slice(0, Math.ceil(bits.length / 8))
      .map((from) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((byte, at) => byte * 2 + (bits[from + at] ? 1 : 0), 0)),
  )

interface Announced {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly type: number
  readonly isWoven?: boolean
}

/** A file of rows as they stand, without filters; `between` are parts between its header and them. */
function png(
  { width, height, depth, type, isWoven = false }: Announced,
  rows: readonly Buffer[],
  between: Uint8Array = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([depth, type, 0, 0, isWoven ? 1 : 0], 8)
  const data = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.alloc(1), row])))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [chunk('IHDR', header), between, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...parts])
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, data, Buffer.alloc(4)])
}

const blank = png(
  { ...size, depth: 8, type: 0 },
  every(0, 1).map(() => Buffer.alloc(48, 255)),
)

describe('a view', () => {
  it('is a text as it stands', () => {
    expect(readView('Today Mira chose the circle.')).toBe('Today Mira chose the circle.')
    expect(readView('@@mira chose the circle.')).toBe('@mira chose the circle.')
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

  it('reads every so-many-th pixel first where a file is interlaced, of any depth', () => {
    const plain = readView(written('plain.png', encode({ ...size, data: rgb, channels: 3 })))
    const woven = encode({ ...size, data: rgb, channels: 3 }, { interlace: 'Adam7' })
    expect(readView(written('woven.png', woven))).toBe(plain)
    const isDark = (x: number, y: number) => (x - 20) ** 2 + (y - 30) ** 2 < 150
    const passes = [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ]
    const files = [passes, [[0, 0, 1, 1]]].map((parts) => {
      const rows = parts.flatMap(([left, top, across, down]) =>
        every(top, down).map((y) => bitsOf(every(left, across).map((x) => !isDark(x, y)))),
      )
      return written(
        `${parts.length}.png`,
        png({ ...size, depth: 1, type: 0, isWoven: parts.length > 1 }, rows),
      )
    })
    expect(readView(files[0])).toBe(readView(files[1]))
    expect(readView(files[0])).not.toBe(readView(written('blank.png', blank)))
  })

  it('is blank paper where it has the colour that a file says is transparent, as in a browser', () => {
    const nothing = readView(written('paper.png', blank))
    const [low, high] = [Buffer.from([0, 10, 0, 20, 0, 30]), Buffer.from([1, 10, 2, 20, 3, 30])]
    const rgb8 = every(0, 1).map(() => Buffer.alloc(3 * 48, Buffer.from([10, 20, 30])))
    const rgb16 = every(0, 1).map(() => Buffer.alloc(6 * 48, high))
    const grey16 = every(0, 1).map(() => Buffer.alloc(2 * 48, Buffer.from([1, 10])))
    const grey4 = every(0, 1).map(() => Buffer.alloc(24, 0x77))
    const files = [
      png({ ...size, depth: 8, type: 2 }, rgb8, chunk('tRNS', low)),
      png({ ...size, depth: 16, type: 2 }, rgb16, chunk('tRNS', high)),
      png({ ...size, depth: 16, type: 0 }, grey16, chunk('tRNS', Buffer.from([1, 10]))),
      png({ ...size, depth: 4, type: 0 }, grey4, chunk('tRNS', Buffer.from([0, 7]))),
    ]
    for (const [at, file] of files.entries()) expect(readView(written(`key${at}.png`, file))).toBe(nothing)
    const other = png({ ...size, depth: 16, type: 2 }, rgb16, chunk('tRNS', low))
    expect(readView(written('other.png', other))).not.toBe(nothing)
  })

  it('is told by its pixels alone: palettes beside full colours and profiles are not looked at', () => {
    const rows = every(0, 1).map((y) => Buffer.from(rgb.subarray(y * 144, (y + 1) * 144)))
    const beside = Buffer.concat([chunk('iCCP', Buffer.from('no profile')), chunk('PLTE', Buffer.alloc(768))])
    const file = written('beside.png', png({ ...size, depth: 8, type: 2 }, rows, beside))
    expect(readView(file)).toBe(wordsOf(pixels))
  })

  it('is told of sixteen million pixels, too', () => {
    const scale = 83
    const spread = every(0, 1).flatMap((y) => {
      const row = Buffer.concat(
        every(0, 1).map((x) => Buffer.alloc(3 * scale, rgb.slice((y * 48 + x) * 3, (y * 48 + x + 1) * 3))),
      )
      return Array.from({ length: scale }, () => row)
    })
    const large = { width: 48 * scale, height: 48 * scale, depth: 8, type: 2 }
    expect(readView(written('large.png', png(large, spread)))).toBe(wordsOf(pixels))
  })

  it('is shown to any model among whose words pictures are, wherever it lies', async () => {
    const picture = written('shown.png', encode({ ...size, data: rgb, channels: 3 }))
    const seen = async (directory: string) =>
      readViews({ view: [picture], mode: 'fusion' }, await findDirectory(directory, 'cpu'))
    const copy = join(folder, 'copy')
    symlinkSync(resolve('public/models/lens'), copy)
    for (const lens of ['public/models/lens/', copy]) expect(await seen(lens)).toEqual([wordsOf(pixels)])
    await expect(seen('public/models/toy')).rejects.toThrow(UsageError)
    await expect(seen('public/models/toy')).rejects.toThrow('this model sees none')
  })

  const broken = encode({ ...size, data: rgb, channels: 3 })
  const mebibyte = Array.from({ length: 2 ** 10 }, () => Buffer.alloc(2 ** 10))
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
      'a bomb, which holds far more than it announces',
      written('bomb.png', png({ ...size, depth: 8, type: 0 }, mebibyte)),
      'more than the pixels that it announces',
    ],
    [
      'a bomb of seven passes',
      written('wovenBomb.png', png({ ...size, depth: 8, type: 0, isWoven: true }, mebibyte)),
      'more than the pixels that it announces',
    ],
    [
      'a picture of fewer rows than announced',
      written('few.png', png({ ...size, depth: 8, type: 0 }, [Buffer.alloc(48)])),
      'no PNG',
    ],
    [
      'a picture of a palette without one',
      written(
        'palette.png',
        png(
          { ...size, depth: 8, type: 3 },
          every(0, 1).map(() => Buffer.alloc(48)),
        ),
      ),
      'no PNG',
    ],
    [
      'a picture of a depth that there is not',
      written('depth.png', png({ ...size, depth: 255, type: 6 }, [Buffer.alloc(48)])),
      'no PNG',
    ],
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
