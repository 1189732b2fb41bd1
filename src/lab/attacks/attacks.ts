/** The attacks of attack.ts, each with what does it, and one of them tried as often as somebody wants to see it. */
import { type Arm, type ArmOf, type Attack, type AttackName, armsOf, type Site } from './attack'
import { orders } from './identity/orders'
import { spoofing } from './identity/spoofing'
import { sybil } from './identity/sybil'
import { poisoning } from './poisoning/poisoning'
import { gradients } from './told/gradients'
import { membership } from './told/membership'
import { reading } from './told/reading'
import { rows } from './told/rows'

const attacks: { readonly [Name in AttackName]: Attack<Name> } = {
  reading,
  membership,
  gradients,
  rows,
  signFlip: poisoning('signFlip'),
  scaling: poisoning('scaling'),
  labelFlip: poisoning('labelFlip'),
  backdoor: poisoning('backdoor'),
  orders,
  sybil,
  spoofing,
}

/**
 * Measures these arms of an attack, one after the other, in the order of `armsOf`. Those that the attack does not have are left out.
 * @param tell is told each as it is known, and has heard of all before this resolves
 */
export async function tryAttack<Name extends AttackName>(
  name: Name,
  wanted: readonly Arm[],
  site: Site,
  tell: (arm: Arm, found: number) => void | Promise<void>,
): Promise<void> {
  const measure = await attacks[name](site)
  const isOwn = (arm: Arm): arm is ArmOf<Name> => armsOf(name).includes(arm)
  for (const arm of armsOf(name)) if (wanted.includes(arm) && isOwn(arm)) await tell(arm, await measure(arm))
}
