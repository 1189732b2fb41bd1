/**
 * Stories from the domains. A town fixes the roles of a domain: who the baker is, when the ferry leaves, what the clinic
 * gives for a cough. Pretraining draws a new town for every story, so the base learns how such stories go and nothing
 * about any town; a federation's devices write about one town, the same for all, which is what there is to learn.
 */
import { type Random, random } from '../lib/rng'
import { shared } from './domains/domain'
import { type Domain, grammars } from './domains/index'
import { type Accept, type Bindings, paragraph } from './grammar'

/** Draws a value for every role of the domain; no two roles of a town share one where the lists allow it. */
export function townOf(domain: Domain, draw: Random): Bindings {
  const town: Record<string, string> = {}
  for (const [role, values] of Object.entries(grammars[domain].roles)) {
    const taken = new Set(Object.values(town))
    const free = values.filter((value) => !taken.has(value))
    town[role] = draw.pick(free.length > 0 ? free : values)
  }
  return town
}

/** The town that all devices of a room share. */
export function townOfRoom(domain: Domain, seed: number): Bindings {
  return townOf(domain, random(seed, 'town', domain))
}

/** One paragraph of four to six sentences. */
export function story(domain: Domain, town: Bindings, draw: Random, accept?: Accept): string {
  const { rules, plots } = grammars[domain]
  return paragraph(draw.pick(plots).split(' '), { ...shared, ...rules }, town, draw, accept)
}
