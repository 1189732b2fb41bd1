/** toy has no exits: its first layer guesses badly. A room trains an adapter for it, together, by ordinary rounds. */
import { expect, it } from 'vitest'
import { sha256Hex } from '../../../lib/hash'
import { shareFor } from '../../../node/local/shares'
import { adapterConfigOf } from '../../../settings/derived/adapter'
import type { Settings } from '../../../settings/table'
import { labPresets } from '../../presets'
import { runPreset } from '../../runPreset'
import { heldOutText } from '../../training/texts'
import { employThreads } from '../../training/threads'
import { openNodes } from '../room/nodes'
import { type Fared, faredOn, trainedAlone } from './drafts'

const isFull = process.env.GOSSAMER_FULL === '1'
const [devices, rounds, localSteps, texts] = isFull ? [4, 10, 8, 40] : [3, 4, 6, 4]
const [model, corpus, depth, seed] = ['public/models/toy', 'kitchen', 1, 3] as const
const settings: Settings = {
  ...labPresets.iid.settings,
  aggregation: 'fedavg',
  rounds,
  localSteps,
  lr: 5e-3,
  rank: 16,
}
const adapter = adapterConfigOf(settings)
const [{ sessions }] = await openNodes({
  model,
  backend: 'wasm',
  precision: 'auto',
  count: 1,
  caps: new Map(),
  own: [],
  merged: { config: adapter, tensors: new Map() },
  millisecondsPerLayer: 1,
})
const unread = heldOutText(corpus, seed, devices, 0)
  .map(({ prompt, completion }) => prompt + completion)
  .slice(0, texts)

/** What a room of these devices ends with. */
async function trainedTogether(depth: number | null): Promise<Uint8Array> {
  const preset = {
    settings: { ...settings, depth },
    world: { ...labPresets.iid.world, corpus, devices },
  }
  const { holdings } = await runPreset({ preset, seed, model, baselines: [] }, () =>
    employThreads(devices, 0),
  )
  expect(holdings).toHaveLength(1)
  return holdings[0].adapter!
}

const steps = { steps: rounds * localSteps, learningRate: settings.lr }
const [first, ...others] = Array.from(
  { length: devices },
  (_, index) => shareFor({ seed, partition: 'iid' }, { corpus, index }).train,
)
const open = { model, depth, backend: 'wasm', adapter, seed } as const

async function fared(
  target: Uint8Array | null,
  draft: Uint8Array | null,
): Promise<readonly [greedy: Fared, drawn: Fared]> {
  const guessing = {
    sessions,
    adapter: target && { hash: sha256Hex(target), bytes: target },
    draft: draft && { bytes: draft, layers: depth },
  }
  return [await faredOn(guessing, unread, 0), await faredOn(guessing, unread, 0.9)]
}

it('a draft that a room has trained is right more often than a bare one, whatever is on the target', async () => {
  const room = await trainedTogether(depth)
  for (const target of isFull ? [null, await trainedTogether(null)] : [null]) {
    const [bare, tuned] = [await fared(target, null), await fared(target, room)]
    if (isFull) print(target ? 'the room’s adapter' : 'none', { bare, 'a room': tuned })
    for (const at of [0, 1]) {
      expect(tuned[at].positions).toBeGreaterThan(isFull ? 2000 : 300)
      expect(tuned[at].agreement).toBeGreaterThan(bare[at].agreement + 0.1)
      expect(tuned[at].tokensPerRound).toBeGreaterThan(bare[at].tokensPerRound + 0.1)
    }
  }
}, 600_000)

// Four trainings of minutes each.
if (isFull)
  it('it is nearly as good as one of all the text in one place, and better than one device’s', async () => {
    const all = { ...steps, batch: settings.batch * devices }
    const room = await trainedTogether(depth)
    const pooled = await trainedAlone(open, [first, ...others].flat(), all)
    const one = await trainedAlone(open, first, { ...steps, batch: settings.batch })
    for (const target of [null, await trainedTogether(null)]) {
      const [together, inOnePlace, alone] = [
        await fared(target, room),
        await fared(target, pooled),
        await fared(target, one),
      ]
      print(target ? 'the room’s adapter' : 'none', { 'one device': alone, 'pooled text': inOnePlace })
      for (const at of [0, 1]) {
        expect(together[at].agreement).toBeGreaterThan(inOnePlace[at].agreement - 0.03)
        expect(together[at].agreement).toBeGreaterThan(alone[at].agreement)
      }
    }
  }, 600_000)

/** The table of docs/reasoning.md. */
function print(target: string, drafts: Readonly<Record<string, readonly Fared[]>>): void {
  for (const [name, [greedy, drawn]] of Object.entries(drafts)) {
    const cells = [greedy, drawn].flatMap(({ agreement, acceptance, tokensPerRound }) =>
      [agreement, acceptance, tokensPerRound].map((value) => value.toFixed(3)),
    )
    console.log(`| ${target} | ${name} | ${cells.join(' | ')} |`)
  }
}
