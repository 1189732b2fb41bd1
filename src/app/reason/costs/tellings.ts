/**
 * What happened on the way, as it is told: a loss and its recovery are one thing, and the same check or handover again is the same
 * thing once more. Newest last.
 */
import type { Incident } from '../../../node/reasoning/view/view'

type Of<Kind extends Incident['kind']> = Extract<Incident, { kind: Kind }>
type Recovery = Pick<Of<'recovered'>, 'milliseconds' | 'replayedTokens'>

export type Telling =
  | (Of<'lost'> & { /** Null: not yet. */ readonly recovery: Recovery | null })
  | (Of<'checked'> & { readonly times: number })
  | (Of<'handover'> & { readonly times: number })
  | Of<'liar'>
  | Of<'shipped'>
  | Of<'threshold'>
  | Of<'contradiction'>
  | Of<'mode'>
  | Of<'unseen'>

export function tellingsOf(incidents: readonly Incident[]): readonly Telling[] {
  const told: Telling[] = []
  for (const incident of incidents) {
    switch (incident.kind) {
      case 'lost':
        told.push({ ...incident, recovery: null })
        break
      case 'recovered': {
        const { milliseconds, replayedTokens } = incident
        // Who was lost while another was being replaced was replaced along with it.
        for (const [at, one] of told.entries())
          if (one.kind === 'lost' && one.recovery === null)
            told[at] = { ...one, recovery: { milliseconds, replayedTokens } }
        break
      }
      case 'checked':
      case 'handover': {
        const same = told.findIndex((one) => isSame(one, incident))
        const before = told[same]
        if (before && 'times' in before) told[same] = { ...before, times: before.times + 1 }
        else told.push({ ...incident, times: 1 })
        break
      }
      case 'liar':
      case 'shipped':
      case 'threshold':
      case 'contradiction':
      case 'mode':
      case 'unseen':
        told.push(incident)
        break
    }
  }
  return told
}

function isSame(one: Telling, other: Of<'checked'> | Of<'handover'>): boolean {
  if (other.kind === 'checked') return one.kind === 'checked' && one.id === other.id && one.by === other.by
  return one.kind === 'handover' && one.from === other.from && one.to === other.to
}
