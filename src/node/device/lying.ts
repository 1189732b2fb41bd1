/**
 * A tab that was opened with `attack=` lies, for teaching: before its update is coded it is exchanged for what a liar would send
 * (federation/attacks/). The tab knows what it does and its person has asked for it; nobody else is told.
 */
import { isUpdateAttack, updateAttacks } from '../../federation/attacks/attacks'
import { random } from '../../lib/rng'
import type { TensorMap } from '../../model/safetensors'
import type { Settings } from '../../settings/table'

/** What is sent in the place of an honest update. */
export type Sending = (honest: TensorMap, round: number, index: number) => TensorMap

export const honestly: Sending = (honest) => honest

/** So many rounds a liar looks back on. */
const mostEarlier = 4

/** As this tab's settings say. It remembers the honest updates that it did not send. */
export function sendingOf(settings: () => Pick<Settings, 'attack' | 'seed'>): Sending {
  let earlier: readonly TensorMap[] = []
  return (honest, round, index) => {
    const { attack, seed } = settings()
    if (!isUpdateAttack(attack)) return honest
    const same = earlier.filter((update) => isAlike(update, honest))
    const sent = updateAttacks[attack](honest, { draw: random(seed, 'attack', index, round), earlier: same })
    const [first, ...others] = [...earlier, honest]
    earlier = [first, ...others.slice(1 - mostEarlier)]
    return sent
  }
}

/** Of the same factors at the same rank: both take turns under RoLoRA. */
const isAlike = (one: TensorMap, other: TensorMap): boolean =>
  one.size === other.size &&
  [...one].every(([name, { data }]) => other.get(name)?.data.length === data.length)
