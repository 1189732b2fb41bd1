import { describe, expect, it } from 'vitest'
import { pictureWords } from '../corpora/pictures/patches'
import { namedSeeing, seesPictures, whyBlind } from './text'

const letters = async (text: string) => [...text].map((letter) => letter.charCodeAt(0))
const refusing = () => Promise.reject(new Error('There is no token for a part of this text.'))
const words = async (text: string) =>
  [...text.matchAll(/<[^>]*>/g)].map(([word]) => pictureWords.indexOf(word))

describe('a model', () => {
  it('that is open sees where each word of pictures is one of its tokens', async () => {
    expect(await seesPictures(words)).toBe(true)
    expect(await seesPictures(letters)).toBe(false)
    expect(await seesPictures(refusing)).toBe(false)
  })

  it('of which only the name is known sees where it is a base that does', () => {
    expect(['lens', 'public/models/lens/', 'toy', 'local:lens'].map(namedSeeing)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('that sees none is shown texts without pictures', () => {
    const picture = `<place 1>${'<patch 1>'.repeat(4)}`
    expect(whyBlind(picture, false)).toContain('sees none')
    expect([whyBlind(picture, true), whyBlind('a <patch 1> by hand', false)]).toEqual([null, null])
  })
})
