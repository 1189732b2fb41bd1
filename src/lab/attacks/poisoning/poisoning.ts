/**
 * Poisoned updates. Three of ten devices lie to a room that learns about kitchens: they send what they have learned backwards and
 * three times as long (sign flip), ten times as long (scaling), or read a text whose words follow in the wrong order (label flip) or one
 * with a hidden phrase (backdoor); federation/attacks/ and corpora/poison/ have the sources. The room is a real one of the Lab, of
 * nodes as tabs have them, few rounds long.
 *
 * Of the first three the number is the share of the gain that is lost: how much of the way from the base's held-out loss to that of the
 * same room without liars they take back. More than 1: the model is worse than before anything was learned. Of the backdoor it is how often
 * the phrase is answered as the liars wish; the loss would show nothing.
 *
 * What meets it: the norm bound, which every room has unless it says otherwise, and a rule that doubts directions behind it
 * (Multi-Krum), as long as what liars send is farther from the others than these are from each other: here all honest devices read alike.
 */
import type { Settings } from '../../../settings/table'
import { createEngine } from '../../../training/engine'
import { labPresets } from '../../presets'
import { type PresetOutcome, runPreset } from '../../runPreset'
import type { ArmOf, Attack, Site } from '../attack'

type Poisoned = 'signFlip' | 'scaling' | 'labelFlip' | 'backdoor'

const devices = 10
const liars = 0.3
/** Few and large steps: what liars do is seen as well, and sooner. */
const [rounds, batch, lr] = [3, 2, 5e-3]

const lies = {
  signFlip: 'sign-flip',
  scaling: 'scaling',
  labelFlip: 'label-flip',
  backdoor: 'backdoor',
} as const satisfies Record<Poisoned, Settings['attack']>

const chains: Readonly<Record<ArmOf<Poisoned>, Settings['robust']>> = {
  nobody: [],
  undefended: [],
  bound: ['norm-bound'],
  rule: ['norm-bound', 'multi-krum'],
}

export const poisoning =
  (name: Poisoned): Attack<Poisoned> =>
  async (site) => {
    const attack = lies[name]
    const clean = await outcomeOf(site, attack, 'nobody')
    const lost = ({ loss }: PresetOutcome): number =>
      (loss! - clean.loss!) / (clean.yardsticks.base - clean.loss!)
    return async (arm) => {
      const outcome = arm === 'nobody' ? clean : await outcomeOf(site, attack, arm)
      return attack === 'backdoor' ? outcome.fired! : lost(outcome)
    }
  }

function outcomeOf(
  { seed, model, load }: Site,
  attack: Settings['attack'],
  arm: ArmOf<Poisoned>,
): Promise<PresetOutcome> {
  const { settings, world } = labPresets.iid
  const lying = { attack, robust: chains[arm], attackers: liars }
  const preset = {
    settings: { ...settings, ...lying, aggregation: 'fedavg' as const, rounds, batch, lr },
    world: { ...world, devices, attackingDevices: arm === 'nobody' ? 0 : liars },
  }
  return runPreset({ preset, seed, model, baselines: [] }, () => [
    { compute: createEngine({ load }), close: async () => {} },
  ])
}
