import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { abilities, pictureQuestion, sayingOf } from './captions'
import { choiceOf } from './choices'
import { type RgbaImage, requireFileSize, UnseenPicture, wordsOfImage } from './frame'
import { modelDrawing, paint, paper, side } from './paint'
import {
  cutAtPictures,
  glimpsesOf,
  mostWordsPerPicture,
  pictureWords,
  pixelsOf,
  wordsOf,
  wordsOfPictureWords,
} from './patches'
import { colours, places, type Scene, sceneOf, sceneOfUnlikeShapes, shapes } from './scene'

const scenes = fc.nat().map((seed) => sceneOf(random(seed, 'scene')))

/** As a canvas would hold it, each pixel `scale` pixels wide. */
function imageOf(pixels: Float32Array, scale = 1): RgbaImage {
  const width = side.picture * scale
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++)
        data[(y * width + x) * 4 + channel] =
          pixels[(Math.floor(y / scale) * side.picture + Math.floor(x / scale)) * 3 + channel]
  return { width, height: width, data }
}

describe('a picture', () => {
  it('is at most 45 words of 154, five for each place that is not blank, and the same scene is seldom the same picture', () => {
    expect(pictureWords).toHaveLength(9 + 1 + 6 * 6 * 4)
    const scene = sceneOf(random(3, 'one'))
    const draw = random(3, 'hand')
    const [one, other] = [wordsOf(paint(scene, draw)), wordsOf(paint(scene, draw))]
    expect(mostWordsPerPicture).toBe(45)
    expect(one.match(/<(place|patch) \d+>/g)).toHaveLength(5 * scene.length)
    expect(paint(scene, draw)).not.toEqual(paint(scene, draw))
    expect(glimpsesOf(one)).toEqual(glimpsesOf(other))
  })

  it('of a model drawing is its four quarters, and is painted again as it was', () => {
    for (const shape of shapes)
      for (const colour of colours)
        for (const place of [0, 4, 8]) {
          const drawing = modelDrawing([{ shape, colour, place }])
          const words = wordsOf(drawing)
          const first = 1 + (shapes.indexOf(shape) * colours.length + colours.indexOf(colour)) * 4
          const here = [0, 1, 2, 3].map((quarter) => `<patch ${first + quarter}>`).join('')
          expect(words).toContain(`<place ${place + 1}>${here}`)
          expect(pixelsOf(words)).toEqual(drawing)
        }
  })

  it('shows what is in the scene, in more than nine of ten', () => {
    const draw = random(8, 'painted')
    const all = Array.from({ length: 200 }, () => sceneOf(draw))
    const right = all.filter((scene) => {
      const seen = glimpsesOf(wordsOf(paint(scene, draw)))
      return (
        JSON.stringify(seen) ===
        JSON.stringify(scene.map(({ shape, colour, place }) => ({ shape, colour, place })))
      )
    })
    expect(right.length).toBeGreaterThan(0.9 * all.length)
  })

  it('has a word for each of its words, so that what is learned of one red patch can be learned of all', () => {
    expect(wordsOfPictureWords).toHaveLength(pictureWords.length)
    for (const shape of shapes)
      for (const colour of colours) {
        const words = [
          ...wordsOf(modelDrawing([{ shape, colour, place: 3 }])).matchAll(/<(?:place|patch) \d+>/g),
        ]
        const [place, ...patches] = words.map(([word]) => wordsOfPictureWords[pictureWords.indexOf(word)])
        expect(place).toEqual({ words: ['left'], mark: 'place' })
        expect(patches).toEqual(
          [0, 1, 2, 3].map((quarter) => ({ words: [shape, colour], mark: `quarter ${quarter}` })),
        )
      }
  })

  it('is cut out of a text where it stands', () => {
    const words = wordsOf(paint(sceneOf(random(1, 'cut')), random(1, 'hand')))
    expect(cutAtPictures(`${words}\nWhat is in the middle?`)).toEqual([words, '\nWhat is in the middle?'])
    expect(cutAtPictures('No picture, <place 1> alone.')).toEqual(['No picture, <place 1> alone.'])
  })

  it('is nothing else than a picture’s words in their order', () => {
    const words = wordsOf(paint(sceneOf(random(1, 'cut')), random(1, 'hand')))
    const turned = words + words
    for (const text of [
      '',
      'words',
      `${words} `,
      turned,
      words.slice(9),
      words.replace(/<patch \d+>/, '<patch 145>'),
    ])
      expect(pixelsOf(text)).toBeNull()
  })
})

describe('somebody’s own picture', () => {
  it('is seen alike at any size', () => {
    const pixels = paint(sceneOf(random(4, 'sizes')), random(4, 'hand'))
    const words = wordsOf(pixels)
    for (const scale of [1, 2, 5]) expect(wordsOfImage(imageOf(pixels, scale))).toBe(words)
  })

  it('loses what is beside its middle square', () => {
    const pixels = paint(sceneOf(random(4, 'sizes')), random(4, 'hand'))
    const { data, width, height } = imageOf(pixels)
    const wide = new Uint8ClampedArray(width * 3 * height * 4)
    for (let y = 0; y < height; y++)
      wide.set(Array.from(data).slice(y * width * 4, (y + 1) * width * 4), (y * width * 3 + width) * 4)
    expect(wordsOfImage({ width: width * 3, height, data: wide })).toBe(wordsOf(pixels))
  })

  it('is paper where it is transparent', () => {
    const nothing = { width: 60, height: 50, data: new Uint8ClampedArray(60 * 50 * 4) }
    const blank = Float32Array.from({ length: side.picture ** 2 * 3 }, (_, index) => paper[index % 3])
    expect(wordsOfImage(nothing)).toBe(wordsOf(blank))
    expect(glimpsesOf(wordsOfImage(nothing))).toEqual([])
    expect(wordsOfImage(nothing)).toBe('<place 1><patch 0><patch 0><patch 0><patch 0>')
    expect(pixelsOf(wordsOfImage(nothing))).toEqual(blank)
  })

  it.each([
    [{ width: 3, height: 90 }, 'It needs 8 x 8'],
    [{ width: 9000, height: 9000 }, 'Make it smaller'],
    [{ width: 0, height: 0 }, 'too few'],
  ])('of %j is refused', (size, words) => {
    expect(() => wordsOfImage({ ...size, data: [] })).toThrow(UnseenPicture)
    expect(() => wordsOfImage({ ...size, data: [] })).toThrow(words)
  })

  it('is not opened where its file is empty or huge', () => {
    expect(() => requireFileSize(0)).toThrow('empty')
    expect(() => requireFileSize(17 * 2 ** 20)).toThrow('17 MB')
    requireFileSize(16 * 2 ** 20)
  })
})

describe('what is said of a scene', () => {
  const isTrue = (scene: Scene, line: string): boolean => {
    const colour = /^The (\w+) is (red|yellow|green|blue|purple|black)\.$/.exec(line)
    if (colour) return scene.every((thing) => thing.shape !== colour[1] || thing.colour === colour[2])
    const shape = /^The (\w+) thing is a (\w+)\.$/.exec(line)
    if (shape) return scene.every((thing) => thing.colour !== shape[1] || thing.shape === shape[2])
    const place = /^The (?:(\w+) )?(\w+) is (?:at|in) the ([\w ]+)\.$/.exec(line)
    if (place) {
      const named = scene.filter(
        (thing) => thing.shape === place[2] && (!place[1] || thing.colour === place[1]),
      )
      return named.length === 1 && places[named[0].place] === place[3]
    }
    const there = /^(?:At|In) the ([\w ]+) is (?:nothing|a (\w+) (\w+))\.$/.exec(line)
    if (there) {
      const thing = scene.find((one) => places[one.place] === there[1])
      return thing ? thing.colour === there[2] && thing.shape === there[3] : there[2] === undefined
    }
    const count = /^There (?:is|are) (no|one|two|three|four|five) (?:(\w+) things?|things?|(\w+?)s?)\.$/.exec(
      line,
    )
    if (!count) throw new Error(`Not understood: ${line}`)
    const counted = scene.filter(
      (one) => (!count[2] || one.colour === count[2]) && (!count[3] || one.shape === count[3]),
    )
    return counted.length === ['no', 'one', 'two', 'three', 'four', 'five'].indexOf(count[1])
  }

  it('is true, whatever it is about', () => {
    fc.assert(
      fc.property(scenes, fc.constantFrom(...abilities), fc.nat(), (scene, about, seed) => {
        const said = sayingOf(scene, about, random(seed, 'saying'))
        if (said) expect(isTrue(scene, said.line)).toBe(true)
      }),
    )
  })

  it('answers a question of the same picture in the same way', () => {
    for (const about of abilities) {
      const { question, answer, line } = pictureQuestion(about, random(5, about))
      expect(question).toMatch(/\?$/)
      const said = answer.replace(/^It is |^There (is|are) |\.$/g, '')
      expect(line.toLowerCase()).toContain(said === 'none' ? 'no ' : said.split(' ').at(-1))
    }
  })

  it('of a choice is known to no single view', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { views, answer } = choiceOf(random(seed, 'choice'))
        const [, shape, colour, recipient] = /^The (\w+), a (\w+) one, for (\w+)\.$/.exec(answer)!
        const [picture, chosen, given] = views
        expect(chosen).toContain(shape)
        expect(given).toContain(recipient)
        expect(chosen + given).not.toMatch(new RegExp(`\\b${colour}\\b`))
        expect(glimpsesOf(picture).length).toBeGreaterThan(1)
      }),
    )
  })

  it('of unlike shapes names each by its shape', () => {
    const scene = sceneOfUnlikeShapes(random(2, 'unlike'))
    expect(new Set(scene.map(({ shape }) => shape)).size).toBe(scene.length)
  })
})
