import { describe, expect, it } from 'vitest'
import { joinAddress } from './joining'

describe('joining', () => {
  it('leads a typed code to the door', () => {
    expect(joinAddress('4f7 k2q')).toBe('/?role=device&room=4F7-K2Q')
  })

  it('takes along what else this tab was told, when a code is corrected', () => {
    expect(joinAddress('4F7-K2Q', '?room=4F7-K2O&role=device&name=Ada&lang=de')).toBe(
      '/?role=device&room=4F7-K2Q&name=Ada&lang=de',
    )
  })

  it('keeps the secret of a pasted invite', () => {
    expect(joinAddress(' https://192.168.0.7:8080/?role=device&room=4F7K2Q#s=abc&k=def ')).toBe(
      '/?role=device&room=4F7K2Q#s=abc&k=def',
    )
  })

  it.each(['', 'hello there', 'https://example.org/', 'https://['])(
    'does not know what to do with %j',
    (typed) => {
      expect(joinAddress(typed)).toBeNull()
    },
  )
})
