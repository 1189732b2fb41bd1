/**
 * One experiment without a browser: real nodes (the same coordinator, devices, rounds, checks and engine as in tabs) on an
 * in-memory network in one process. Beside it the yardstick that no federation can have: all text pooled on one device.
 */
import { generalText, isBase, rehearsalText } from '../../src/corpora/pretraining'
import { random } from '../../src/lib/rng'
import { memoryNetwork } from '../../src/node/fixtures/memory-network'
import { openNode, until } from '../../src/node/fixtures/world'
import { shareFor } from '../../src/node/local/shares'
import { recallOf } from '../../src/node/measuring/parts'
import type { RoundRecord } from '../../src/node/roundRecord'
import { memoryStorage } from '../../src/node/stored/storage'
import type { OpenCompute } from '../../src/node/tab/tab'
import { adapterConfigOf } from '../../src/settings/derived/adapter'
import { learningRatesOf } from '../../src/settings/derived/learningRate'
import { readSettings } from '../../src/settings/reading'
import type { Compute } from '../../src/training/compute'
import { openHeadless } from '../../src/training/headless'

export interface Outcome {
  readonly history: readonly RoundRecord[]
  readonly baseLoss: number
}

/** All text in one place. */
export interface Centralised {
  readonly loss: number
  readonly recall: number | null
  readonly general: number | null
}

/** The engine looks for models under an address of the server; here that is a folder. */
const headless = (): Compute => {
  const compute = openHeadless()
  return {
    ...compute,
    open: (request) => compute.open({ ...request, model: `public/models/${request.model}` }),
  }
}

const openCompute: OpenCompute = () => ({ compute: headless(), close: () => {} })

/** `query` is the address of the room, as in the browser: `model=toy&rounds=30&seed=7`. */
export async function runRoom(query: string, devices: number): Promise<Outcome> {
  const place = { network: memoryNetwork(), storage: memoryStorage() }
  const address = `${query}&autostart=${devices}`
  const coordinator = await openNode(place, 'coordinator', `role=coordinator&${address}`, openCompute)
  for (let index = 0; index < devices; index++) {
    await openNode(place, `device-${index}`, 'role=device', openCompute)
    await until(
      coordinator,
      (state) => state.devices.filter(({ examples }) => examples > 0).length === index + 1,
    )
  }
  const { history, baseLoss } = await until(
    coordinator,
    ({ phase, history, round }) =>
      phase.kind === 'failed' || (phase.kind === 'finished' && history.length === round.of),
  )
  return { history, baseLoss: baseLoss! }
}

/** All text on one device: as many steps, each with the batches of all devices together. */
export async function centralise(query: string, devices: number): Promise<Centralised> {
  const { settings } = readSettings(new URL(`http://localhost/?${query}`))
  const { model, seed, localSteps, batch, rehearsal } = settings
  const compute = headless()
  const adapter = adapterConfigOf(settings)
  const opened = await compute.open({
    model,
    backend: settings.backend,
    adapter,
    seed,
  })
  const corpus = settings.corpus ?? 'facts'
  const shares = Array.from({ length: devices }, (_, index) => shareFor(settings, { corpus, index }))
  await compute.hold(
    'train',
    shares.flatMap(({ train }) => train),
  )
  await compute.hold(
    'pool',
    shares.flatMap(({ heldOut }) => heldOut),
  )
  if (isBase(model))
    await compute.hold(
      'rehearsal',
      shares.flatMap((_, index) => rehearsalText(model, seed, index)),
    )
  let trained = opened.initialAdapter
  for (const learningRate of learningRatesOf(settings))
    ({ adapter: trained } = await compute.train({
      adapter: trained,
      shelf: 'train',
      steps: localSteps,
      learningRate,
      batch: batch * devices,
      seed: random(seed, 'centralised').int(2 ** 31),
      continueAs: 'centralised',
      rehearsal: rehearsal > 0 && isBase(model) ? { shelf: 'rehearsal', weight: rehearsal } : undefined,
      slow: 1,
    }))
  const { loss } = await compute.evaluate(trained, 'pool')
  const probes = shares.flatMap((share) => share.probes)
  if (!isBase(model))
    return { loss, recall: await recallOf(compute, trained, probes, 'trained'), general: null }
  await compute.hold('general', generalText(model))
  const general = (await compute.evaluate(trained, 'general')).loss
  return { loss, recall: await recallOf(compute, trained, probes, 'trained'), general }
}
