import { describe, expect, it } from 'vitest'
import { letterSchema } from '../../reasoning/wire/letters'
import { fromCoordinator, fromDevice } from '../wire/messages'
import { fromNeighbour } from '../wire/neighbourMessages'
import { themeOf, themes } from './departed'

const kindsOf = (schema: {
  readonly options: readonly { readonly shape: { readonly type: { readonly value: string } } }[]
}) => schema.options.map(({ shape }) => shape.type.value)

describe('what leaves a tab', () => {
  const letters = [fromCoordinator, fromDevice, fromNeighbour, letterSchema].flatMap(kindsOf)
  const others = ['reasoning', 'proof-close', 'proof-closing', 'handshake', 'heartbeat']

  it('is sorted, every kind of it, and nothing else', () => {
    expect(letters.filter((kind) => themeOf(kind) === 'other')).toEqual([])
    const sorted = Object.values(themes).flat()
    expect(new Set(sorted)).toEqual(new Set([...letters, ...others]))
    expect(new Set(sorted).size).toBe(sorted.length)
  })

  it('is shown as other where its kind is understood nowhere', () => {
    expect(themeOf('other')).toBe('other')
    expect(themeOf('constructor')).toBe('other')
  })
})
