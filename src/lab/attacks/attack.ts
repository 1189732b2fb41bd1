/**
 * An attack that can be watched: who stands where, what meets it, and one number that falls when it is met. Each is a file of this
 * folder that really does it, with the engine's own code and the `toy` model, in seconds; nothing here is a canned figure. The numbers
 * of a card belong together: what is opened once (texts, trained changes, a room without liars) is the same for all of its arms, so
 * that they differ in the attack and its defence alone.
 *
 * A defence that no room can switch off (signatures, bounds on claims) is left out in this simulation only, by handing the very function
 * that checks an answer that is always yes. Nothing of this is reachable from a room.
 */
import type { ModelSource } from '../../model/source/source'
import type { Surroundings } from '../../training/loaded'

/** Where the attacker stands. */
export type Stand = 'device' | 'coordinator' | 'listener' | 'stranger'

/** `nobody`: nothing is attacked, and what there is to see anyway is measured. `undefended`: nothing meets it. */
export type Arm<Defence extends string> = 'nobody' | 'undefended' | Defence

export interface Attack<Defence extends string = string> {
  readonly by: Stand
  /** `share`: of 1; `auc`: 0.5 is chance, 1 is certainty. */
  readonly number: 'share' | 'auc'
  readonly defences: readonly Defence[]
  /** Of these, what stands in every room and is left out in this simulation alone. */
  readonly always: readonly Defence[]
  /** Gets ready what all arms have in common. */
  open(site: Site): Promise<(arm: Arm<Defence>) => Promise<number>>
}

/** Where attacks are tried: a model, and the seed from which texts, keys and noise follow. */
export interface Site {
  readonly seed: number
  /** As `load` knows it: a name in a browser, a directory in Node. */
  readonly model: string
  readonly load: Surroundings['load']
  /** The files of the base model, which everybody has. */
  readonly files: ModelSource
}
