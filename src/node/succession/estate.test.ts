/** What heirs are given: it arrives as it was, it goes on from what was there, and an heir goes on as its coordinator would have. */
import { describe, expect, it } from 'vitest'
import type { CoordinatorEvent } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { random } from '../../lib/rng'
import { encodeAdapter } from '../../model/adapter'
import type { TensorMap } from '../../model/safetensors'
import { federatingOf } from '../../settings/derived/merging'
import { defaultSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { createMerger } from '../merging/merger'
import type { Merging } from '../merging/merging'
import { termsOf } from '../merging/terms'
import { forgotten } from '../stored/fixtures/savedRoom'
import { type Growth, grown, memoryStorage, openDoor } from '../stored/storage'
import type { FromDevice } from '../wire/messages'
import { decodeGrowth, encodeGrowth } from './estate'
import { electorate } from './fixtures/electorate'
import { heirOf } from './heir'
import { membershipOf } from './membership'

const config = { rank: 2, alpha: 4, targets: ['w'] }
const draws = random(5, 'adapter')
const tensor = (rows: number, columns: number) => ({
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, () => draws.next() - 0.5),
})
const factors = (): TensorMap =>
  new Map([
    ['w.lora_A.weight', tensor(2, 8)],
    ['w.lora_B.weight', tensor(6, 2)],
  ])
const initial = encodeAdapter({ config, tensors: factors() })
const deltas = [factors(), factors()]
const devices = ['ada', 'bob']

/** What these devices sent in a round, merged. */
async function mergeRound(merging: Merging, settings: Settings, round: number) {
  const terms = termsOf(settings, 'coordinator', 3)
  const from = { adapter: 'global', version: round - 1 }
  for (const [at, device] of devices.entries()) {
    const { bytes } = federatingOf(settings).up.encode(deltas[at], null, at)
    const update = { device, round, from, rank: 2, examples: 4, hash: null, form: 'change' as const }
    expect(await merging.take(terms, update, bytes)).toBeNull()
  }
  const updates = devices.map((device) => ({ device, round, weight: 0.5 }))
  const effect = {
    type: 'merge',
    adapter: 'global',
    version: round,
    round,
    from,
    relativeTo: 'start',
    updates,
  } as const
  return (await merging.merge(terms, effect)).version
}

const joined = (device: string): CoordinatorEvent => ({ type: 'device-joined', device, atMs: 1 })

async function growthOf(change: Partial<Growth> = {}): Promise<Growth> {
  return {
    will: await electorate().will('founder'),
    settings: defaultSettings,
    begunWith: null,
    startedAtMs: 5,
    door: openDoor,
    forgotten: [forgotten],
    from: 0,
    events: [joined('ada')],
    adapters: [],
    ...change,
  }
}

const nothingKept = () =>
  membershipOf(electorate().identity, memoryStorage(), { code: 'ROOM', name: 'ROOM ada' })

describe('an heir', () => {
  it.each([
    { aggregation: 'fedadam', compression: 'none' },
    { aggregation: 'fedavg', compression: 'int4' },
    { aggregation: 'fedavgm', compression: 'topk-int8' },
  ] as const)('merges the next round as its coordinator would have, bit for bit: %o', async (change) => {
    const settings: Settings = { ...defaultSettings, ...change }
    const coordinator = createMerger()
    await coordinator.begin(config, initial, [])
    await mergeRound(coordinator, settings, 1)
    const { saved } = await mergeRound(coordinator, settings, 2)
    const sent = decodeGrowth(encodeGrowth(await growthOf({ settings, adapters: [saved] })))
    const estate = grown(null, sent!)!
    expect([estate.adapters, estate.forgotten]).toEqual([[saved], [forgotten]])
    const heir = createMerger()
    await heir.begin(config, initial, estate.adapters)
    const [next, its] = [await mergeRound(coordinator, settings, 3), await mergeRound(heir, settings, 3)]
    expect([its.hash, its.saved]).toEqual([next.hash, next.saved])
  })

  it('keeps what comes, says so, and asks for all of it where something is missing', async () => {
    const shown: (readonly string[])[] = []
    const said: FromDevice[] = []
    const heir = heirOf('ada', nothingKept(), (heirs) => shown.push(heirs))
    const hear = (bytes: Uint8Array, number: number, hash = sha256Hex(bytes)) =>
      heir.hear({ type: 'estate', number, hash, signature: '' }, bytes, (reply) => said.push(reply))
    hear(encodeGrowth(await growthOf()), 1)
    hear(encodeGrowth(await growthOf({ from: 1, events: [joined('bob')], adapters: null })), 2)
    expect(heir.estate()?.log.map((event) => event.type === 'device-joined' && event.device)).toEqual(devices)
    hear(encodeGrowth(await growthOf({ from: 7, events: [], adapters: null })), 3)
    hear(encodeGrowth(await growthOf()), 4, '0'.repeat(64))
    expect(said.map(({ type }) => type)).toEqual([
      'estate-kept',
      'estate-kept',
      'estate-lacking',
      'estate-lacking',
    ])
    expect([heir.estate(), shown]).toEqual([null, [['ada', 'bob']]])
  })

  it('does not stand before it has what the newest will speaks of, nor where it is none any more', async () => {
    const { will } = electorate()
    const heir = heirOf('ada', nothingKept(), () => {})
    const bytes = encodeGrowth(await growthOf())
    heir.hear({ type: 'estate', number: 1, hash: sha256Hex(bytes), signature: '' }, bytes, () => {})
    expect(heir.estate()).not.toBeNull()
    heir.hear({ type: 'will', will: await will('founder', { serial: 2, version: 3 }) }, null, () => {})
    expect(heir.estate()).toBeNull()
    heir.hear({ type: 'will', will: await will('founder', { serial: 3, heirs: ['bob'] }) }, null, () => {})
    expect(heir.estate()).toBeNull()
  })
})

describe('what an heir is given', () => {
  it('is dropped where it is damaged anywhere', async () => {
    const coordinator = createMerger()
    await coordinator.begin(config, initial, [])
    const { saved } = await mergeRound(coordinator, defaultSettings, 1)
    const bytes = encodeGrowth(await growthOf({ adapters: [saved] }))
    expect(decodeGrowth(bytes)).not.toBeNull()
    for (const cut of [0, 3, 4, 100, bytes.length - 1]) expect(decodeGrowth(bytes.slice(0, cut))).toBeNull()
    const nonsense = { type: 'nonsense', atMs: 1 } as unknown as CoordinatorEvent
    expect(decodeGrowth(encodeGrowth(await growthOf({ events: [nonsense] })))).toBeNull()
  })
})
