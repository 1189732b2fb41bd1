/** An incident as a sentence in the language of the page. */

import { useWords } from '../../words/words'
import type { People } from '../people'
import type { Telling } from './tellings'

export function useTelling(people: People): (telling: Telling) => string {
  const words = useWords()
  const { reason } = words
  const name = (id: string) => people.of(id).name
  return (telling) => {
    switch (telling.kind) {
      case 'lost': {
        const { id, detectedMs, recovery } = telling
        if (!recovery) return reason.lost(name(id), detectedMs)
        return reason.recovered(name(id), detectedMs, recovery.milliseconds, recovery.replayedTokens)
      }
      case 'checked':
        return reason.checked(name(telling.id), name(telling.by), telling.times)
      case 'liar':
        return reason.liar(name(telling.id))
      case 'handover':
        return reason.handover(name(telling.from), name(telling.to), telling.times)
      case 'threshold':
        if (telling.doubt === 0) return reason.asksAll
        return Number.isFinite(telling.doubt) ? reason.keeps(telling.doubt) : reason.keepsAll
      case 'unseen':
        return reason.unseen(name(telling.id))
      case 'contradiction': {
        const [one, other] = telling.between
        const word = ({ word }: { readonly word: string }) => word.trim() || '␣'
        return reason.contradiction(
          name(one.id),
          word(one),
          name(other.id),
          word(other),
          telling.chosen.trim() || '␣',
        )
      }
      case 'mode': {
        const { mode, from, why } = telling
        const way = reason.modes[mode].name
        return from === null
          ? reason.chose(way, words.said(why))
          : reason.changed(way, reason.modes[from].name, words.said(why))
      }
      case 'shipped': {
        const { bytes, masses } = telling
        return reason.shipped(words.bytes(bytes), words.bytes(masses), bytes <= masses)
      }
    }
  }
}
