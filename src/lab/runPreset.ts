/**
 * One preset run whole: trainer, experiment, yardsticks. The page, the command line's `simulate` and the published results
 * (`npm run results`) all come from here, so what one says the others say. Who trains is the caller's to say: threads in
 * Node, the page's own worker.
 */
import { whyNotTogether } from '../federation/compatibility'
import type { OwnText } from '../node/stored/storage'
import { adapterConfigOf } from '../settings/derived/adapter'
import { learningRatesOf } from '../settings/derived/learningRate'
import type { Settings } from '../settings/table'
import { assignmentsOf } from './assignments'
import { type Outcome, runExperiment } from './experiment'
import type { Watcher } from './measuring/watch'
import type { LabPreset } from './presets'
import { quadraticTrainer } from './training/quadratic'
import { type Employed, realTrainer } from './training/real'
import { corpusOf, groupOf } from './training/texts'
import type { Trainer } from './training/trainer'

export interface PresetRun {
  readonly preset: LabPreset
  readonly seed: number
  /** As the engines name it, or `quadratic`: a cheap model of training. */
  readonly model: string
  /** Yardsticks to train beside it. */
  readonly baselines: readonly ('alone' | 'centralised')[]
  readonly measuresTerms?: boolean
}

export interface PresetOutcome extends Outcome {
  /** Held-out, the same text for all; null where it was not asked for. */
  readonly yardsticks: {
    readonly base: number
    readonly alone: number | null
    readonly centralised: number | null
  }
}

/** Who trains so many devices. */
export type Employ = (devices: number) => readonly Employed[]

/** @throws RangeError or another error that says what to change, where the settings do not fit together */
export async function runPreset(run: PresetRun, employ: Employ, watcher?: Watcher): Promise<PresetOutcome> {
  const { preset, seed, model, baselines, measuresTerms } = run
  const { devices, corpus } = preset.world
  const settings = roomSettings(preset, seed)
  const wrong = whyNotTogether(settings)
  if (wrong !== null) throw new RangeError(wrong)
  const trainer = await trainerOf(run, employ)
  try {
    const outcome = await runExperiment(
      {
        settings,
        world: { ...preset.world, seed },
        textOf: (device) => (model === 'quadratic' ? aWish : corpusOf(corpus, device)),
        groupOf: (device) => groupOf(corpus, device),
        assignments: assignmentsOf(preset, trainer.opened.adapter.rank),
        measuresTerms,
        watcher,
      },
      trainer,
    )
    const perRound = settings.scheme === 'hierarchical' ? settings.edgeRounds : 1
    const steps = settings.rounds * settings.localSteps * perRound
    // The centralised run has one thread to itself; the others share what is left.
    const [centralised, alone] = await Promise.all([
      baselines.includes('centralised') ? trainer.centralised(steps) : null,
      baselines.includes('alone') ? trainer.alone(steps) : null,
    ])
    const everybody = Array.from({ length: devices }, (_, device) => device)
    const base = await trainer.evaluate([{ adapter: null, devices: everybody }])
    return { ...outcome, yardsticks: { base, alone, centralised } }
  } finally {
    await trainer.close()
  }
}

/**
 * As a coordinator's address would say. Ranks by hand are a matter of rooms that allocate; what devices reach alone the Lab
 * trains once, at the end.
 */
export const roomSettings = ({ settings, world }: LabPreset, seed: number): Settings => ({
  ...settings,
  allocation: world.ranks.length > 0 ? 'by-speed' : settings.allocation,
  seed,
  room: 'LAB',
  admitAll: true,
  baselines: false,
})

/** What a device of the quadratic model wants is drawn; it has no words for it. */
export const aWish: OwnText = { title: 'a wish', examples: [{ prompt: '', completion: 'a wish' }] }

async function trainerOf({ preset, seed, model }: PresetRun, employ: Employ): Promise<Trainer> {
  const { batch } = preset.settings
  const { devices, corpus } = preset.world
  const groups = corpus === 'villages' ? 4 : 1
  if (model === 'quadratic') return quadraticTrainer({ devices, seed, groups, spread: 0.1, noise: 0.01 })
  return realTrainer(
    {
      open: {
        model,
        depth: preset.settings.depth,
        backend: 'wasm',
        adapter: adapterConfigOf(preset.settings),
        seed,
      },
      corpus,
      devices,
      batch,
      learningRates: learningRatesOf(preset.settings),
      rehearses: preset.settings.rehearsal > 0 ? preset.settings.rehearsal : null,
    },
    employ(devices),
  )
}
