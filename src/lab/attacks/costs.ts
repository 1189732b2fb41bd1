/**
 * What privacy costs: the same small room of the Lab with its updates as they are, under masks, under noise, and under both. Bytes are
 * counted on every simulated link, letter by letter; virtual time is what these links and the further steps of a masked round take;
 * seconds are this computer's own, for all that all tabs of the room compute; loss is held out. Few devices cannot both hide well and
 * learn well (docs/privacy.md): the clip is small, so that the model keeps its words. One factor is learned (FFA), which noise hurts less,
 * in all four alike.
 */
import type { Settings } from '../../settings/table'
import { createEngine } from '../../training/engine'
import { labPresets } from '../presets'
import { runPreset } from '../runPreset'
import type { Site } from './attack'
import { type Cost, type Priced, pricedNames } from './prices'

export interface PricedRoom {
  readonly devices: number
  readonly rounds: number
}

const masks = { secure: true } as const
const noise = { privacy: 'client', noise: 0.3, clip: 0.1 } as const
const promises: Readonly<Record<Priced, Partial<Settings>>> = {
  plain: {},
  masks,
  noise,
  both: { ...masks, ...noise },
}

/** On a page: done within a minute. */
const small: PricedRoom = { devices: 4, rounds: 3 }

/** @param tell is told of each room as it is through, and has heard of all before this resolves */
export async function privacyCosts(
  { seed, model, load }: Site,
  tell: (what: Priced, cost: Cost) => void | Promise<void>,
  { devices, rounds }: PricedRoom = small,
): Promise<void> {
  const { settings, world } = labPresets.iid
  const learning = { aggregation: 'ffa', localSteps: 20, batch: 8, lr: 5e-3, rounds } as const
  for (const what of pricedNames) {
    const preset = {
      settings: { ...settings, ...learning, ...promises[what] },
      world: { ...world, corpus: 'facts' as const, devices },
    }
    const beganMs = performance.now()
    const outcome = await runPreset({ preset, seed, model, baselines: [] }, () => [
      { compute: createEngine({ load }), close: async () => {} },
    ])
    const { bytes, virtualSeconds, loss, yardsticks, privacy } = outcome
    await tell(what, {
      bytes: bytes.lan + bytes.wan,
      roomSeconds: virtualSeconds,
      computingSeconds: (performance.now() - beganMs) / 1000,
      loss: loss!,
      base: yardsticks.base,
      epsilon: privacy?.epsilon ?? null,
    })
  }
}
