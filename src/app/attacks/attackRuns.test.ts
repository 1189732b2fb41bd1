import { describe, expect, it } from 'vitest'
import { attackCards, attackNames } from '../../lab/attacks/attack'
import { de } from '../words/de'
import { en } from '../words/en'
import { chosenArms, setAttacked, setDefence, useAttacks } from './attackRuns'

const armsNow = (name: (typeof attackNames)[number]) => chosenArms(name, useAttacks.getState().cards[name])

describe('what Run measures', () => {
  it('is what there is anyway, the attack, and each defence that is switched on, in their order', () => {
    expect(armsNow('reading')).toEqual(['nobody', 'undefended', 'masks', 'noise', 'both'])
    setDefence('reading', 'masks', false)
    expect(armsNow('reading')).toEqual(['nobody', 'undefended', 'noise', 'both'])
    setDefence('reading', 'both', false)
    setDefence('reading', 'masks', true)
    expect(armsNow('reading')).toEqual(['nobody', 'undefended', 'masks', 'noise'])
  })

  it('is nothing but what there is anyway where nobody attacks', () => {
    setAttacked('sybil', false)
    expect(armsNow('sybil')).toEqual(['nobody'])
    setAttacked('sybil', true)
    expect(armsNow('sybil')).toEqual(['nobody', 'undefended', 'claims', 'lock'])
  })
})

describe('the words of a card', () => {
  it.each(attackNames)('say what is measured, and what each defence does: %s', (name) => {
    for (const words of [en, de])
      expect(Object.keys(words.attacks.cards[name].defences).sort()).toEqual(
        [...attackCards[name].defences].sort(),
      )
  })

  it('tell of every defence that rooms always have that it is left out here alone', () => {
    for (const name of attackNames)
      for (const defence of attackCards[name].always)
        expect(attackCards[name].defences as readonly string[]).toContain(defence)
  })
})
