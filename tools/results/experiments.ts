/** Runs one experiment and boils its outcome down to what is cached. */
import { runPreset } from '../../src/lab/runPreset'
import { employThreads } from '../../src/lab/training/threads'
import { mean } from './figures'
import { centralise, runRoom } from './room'
import type { Experiment, Result } from './rule'

export async function run(experiment: Experiment, seed: number, threads?: number): Promise<Result> {
  const beganMs = performance.now()
  const seconds = () => (performance.now() - beganMs) / 1000
  switch (experiment.kind) {
    case 'lab':
      return { ...(await inTheLab(experiment, seed, threads)), wallSeconds: seconds() }
    case 'room':
      return { ...(await inARoom(experiment, seed)), wallSeconds: seconds() }
  }
}

type Measured = Omit<Result, 'wallSeconds'>

async function inTheLab(
  { preset, model, centralised, measuresTerms }: Experiment & { kind: 'lab' },
  seed: number,
  threads?: number,
): Promise<Measured> {
  const outcome = await runPreset(
    { preset, seed, model, measuresTerms, baselines: centralised ? ['centralised'] : [] },
    (devices) => employThreads(devices, threads),
  )
  const distortions = outcome.terms.flatMap(({ distortion }) => distortion ?? [])
  const { yardsticks, clusters, bytes, byCargo, virtualSeconds } = outcome
  return {
    loss: outcome.loss,
    base: yardsticks.base,
    centralised: yardsticks.centralised,
    recall: null,
    general: outcome.general,
    ari: clusters?.ari ?? null,
    clusters: clusters?.count ?? null,
    bytes,
    byCargo,
    virtualSeconds,
    distortion: distortions.length > 0 ? mean(distortions) : null,
    history: outcome.history.map(({ round, seconds, bytes, loss }) => ({ round, seconds, bytes, loss })),
  }
}

async function inARoom(
  { query, devices, centralised: wanted = true }: Experiment & { kind: 'room' },
  seed: number,
): Promise<Measured> {
  const address = `${query}&seed=${seed}`
  const { history, baseLoss } = await runRoom(address, devices)
  const centralised = wanted ? await centralise(address, devices) : null
  const last = history.at(-1)!
  return {
    loss: last.heldOut,
    base: baseLoss,
    centralised: centralised?.loss ?? null,
    ari: null,
    clusters: null,
    recall: { merged: last.recall!.merged, centralised: centralised?.recall ?? null },
    general: last.general,
    bytes: { lan: 0, wan: last.bytes },
    byCargo: {},
    virtualSeconds: 0,
    distortion: last.distortion,
    history: history.map(({ round, seconds, bytes, heldOut }) => ({ round, seconds, bytes, loss: heldOut })),
  }
}
