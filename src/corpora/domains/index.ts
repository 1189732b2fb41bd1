/** The domains of the story world, in the order in which `by-domain` deals them. */
import { clinic } from './clinic'
import type { DomainGrammar } from './domain'
import { football } from './football'
import { kitchen } from './kitchen'
import { market } from './market'
import { spaceStation } from './space-station'
import { weather } from './weather'

export const domains = ['kitchen', 'weather', 'football', 'clinic', 'space-station', 'market'] as const
export type Domain = (typeof domains)[number]

export const grammars: Readonly<Record<Domain, DomainGrammar>> = {
  kitchen,
  weather,
  football,
  clinic,
  'space-station': spaceStation,
  market,
}
