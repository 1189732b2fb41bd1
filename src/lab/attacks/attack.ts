/**
 * Attacks that can be watched: who stands where, what meets it, and one number that falls when it is met. Each is a file of this
 * folder that really does it, with the engine's own code and the `toy` model, in seconds; nothing here is a canned figure. The numbers
 * of an attack belong together: what is made ready once (texts, trained changes, a room without liars) is the same for all of its arms,
 * so that they differ in the attack and its defence alone.
 *
 * A defence that no room can switch off (signatures, bounds on claims) is left out in this simulation only, by handing the very function
 * that checks an answer that is always yes. Nothing of this is reachable from a room. This file is data, for pages that only show them.
 */
import type { ModelSource } from '../../model/source/source'
import type { Surroundings } from '../../training/loaded'

export interface AttackCard {
  /** Where the attacker stands. */
  readonly by: 'device' | 'coordinator' | 'listener' | 'stranger'
  /** `share`: of 1; `auc`: 0.5 is a coin, 1 is certainty. */
  readonly number: 'share' | 'auc'
  readonly defences: readonly string[]
  /** Of these, what stands in every room and is left out in this simulation alone. */
  readonly always: readonly string[]
}

const ofPoison = { by: 'device', number: 'share', defences: ['bound', 'rule'], always: [] } as const
const ofForgery = { number: 'share', defences: ['signed'], always: ['signed'] } as const

/** In the order of a page: what is told, what is spoiled, who is who. */
export const attackCards = {
  reading: { by: 'coordinator', number: 'share', defences: ['masks', 'noise', 'both'], always: [] },
  membership: { by: 'coordinator', number: 'auc', defences: ['masks', 'noise'], always: [] },
  gradients: { by: 'listener', number: 'share', defences: ['together', 'steps', 'noise'], always: ['steps'] },
  rows: { by: 'device', number: 'share', defences: ['deeper', 'noise'], always: [] },
  signFlip: ofPoison,
  scaling: ofPoison,
  labelFlip: ofPoison,
  backdoor: ofPoison,
  orders: { ...ofForgery, by: 'coordinator' },
  sybil: { by: 'stranger', number: 'share', defences: ['claims', 'lock'], always: ['claims'] },
  spoofing: { ...ofForgery, by: 'stranger' },
} as const satisfies Record<string, AttackCard>

export type AttackName = keyof typeof attackCards
export const attackNames = Object.keys(attackCards) as readonly AttackName[]

export type DefenceOf<Name extends AttackName> = (typeof attackCards)[Name]['defences'][number]
/** `nobody`: nothing is attacked, and what there is to see anyway is measured. `undefended`: nothing meets it. */
export type ArmOf<Name extends AttackName> = 'nobody' | 'undefended' | DefenceOf<Name>
export type Arm = ArmOf<AttackName>

/** All arms of an attack, the unattacked first. */
export const armsOf = (name: AttackName): readonly Arm[] => [
  'nobody',
  'undefended',
  ...attackCards[name].defences,
]

/** Gets ready what all arms have in common, and then measures one after the other. */
export type Attack<Name extends AttackName> = (site: Site) => Promise<(arm: ArmOf<Name>) => Promise<number>>

/** Where attacks are tried: a model, and the seed from which texts, keys and noise follow. */
export interface Site {
  readonly seed: number
  /** As `load` knows it: a name in a browser, a directory in Node. */
  readonly model: string
  readonly load: Surroundings['load']
  /** The files of the base model, which everybody has. */
  readonly files: ModelSource
}
