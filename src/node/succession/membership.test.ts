/** What a device keeps of its room for another life of its tab: what comes back, what is written, and what a full disk costs. */
import { describe, expect, it } from 'vitest'
import type { CoordinatorEvent } from '../../federation/types'
import { defaultSettings } from '../../settings/reading'
import { savedAdapter } from '../stored/fixtures/savedRoom'
import { type Estate, type Growth, memoryStorage, openDoor, type Storage } from '../stored/storage'
import type { FromDevice } from '../wire/messages'
import { electorate } from './fixtures/electorate'
import { heirOf } from './heir'
import { membershipOf } from './membership'

const place = { code: 'ROOM', name: 'ROOM ada' }
const settled = () => new Promise((resolve) => setImmediate(resolve))
const joined = (device: string): CoordinatorEvent => ({ type: 'device-joined', device, atMs: 1 })

async function scene() {
  const { identity, will, publicKeyOf } = electorate()
  const disk = memoryStorage()
  const grown: (Growth | null)[] = []
  const full = { is: false }
  const refusing = () => (full.is ? Promise.reject(new Error('The disk is full.')) : Promise.resolve())
  const storage: Storage = {
    ...disk,
    saveMembership: (...saved) => refusing().then(() => disk.saveMembership(...saved)),
    saveEstate: (name, growth) =>
      refusing().then(() => {
        grown.push(growth)
        return disk.saveEstate(name, growth)
      }),
  }
  const estate: Estate = {
    will: await will('founder'),
    settings: defaultSettings,
    begunWith: null,
    startedAtMs: 5,
    door: openDoor,
    forgotten: [],
    log: [joined('ada')],
    adapters: [savedAdapter],
  }
  const pass = { coordinator: publicKeyOf('founder'), pass: 'ab'.repeat(64) }
  /** Another life of the same tab each time. */
  const life = () => membershipOf(identity, storage, place)
  return { will, estate, pass, grown, full, life }
}

describe('another life of a tab', () => {
  it('finds what the last one has kept', async () => {
    const { estate, pass, life } = await scene()
    const before = life()
    expect(await before.keep({ pass, will: estate.will, silence: 7 })).toBe(true)
    before.keepEstate(estate)
    await settled()
    expect(await life().restore()).toEqual({ pass, will: estate.will, silence: 7, succession: [], estate })
  })

  it('finds no will of another room, nor one that was changed', async () => {
    const { will, life } = await scene()
    for (const wrong of [
      await will('founder', { code: 'OTHER' }),
      { ...(await will('founder')), version: 9 },
    ]) {
      await life().keep({ will: wrong })
      expect((await life().restore()).will).toBeNull()
    }
  })

  it('finds nothing of a room that was left for good, whatever came after', async () => {
    const { estate, pass, life } = await scene()
    const before = life()
    await before.keep({ pass, will: estate.will })
    before.keepEstate(estate)
    await before.forget()
    before.keepEstate({ ...estate, log: [] })
    expect(await before.keep({ silence: 3 })).toBe(false)
    await settled()
    expect(await life().restore()).toMatchObject({ pass: null, will: null, estate: null })
  })
})

describe('an estate', () => {
  it('is written as it grows, its adapters where they are others', async () => {
    const { estate, grown, life } = await scene()
    const membership = life()
    membership.keepEstate(estate)
    await settled()
    membership.keepEstate({ ...estate, log: [...estate.log, joined('bob')] })
    await settled()
    expect(grown).toMatchObject([
      { from: 0, events: [joined('ada')], adapters: [savedAdapter] },
      { from: 1, events: [joined('bob')], adapters: null },
    ])
    // Another coordinator's begins anew.
    membership.keepEstate({ ...estate, log: [joined('eve')], adapters: [] })
    await settled()
    expect(grown.at(-1)).toMatchObject({ from: 0, events: [joined('eve')], adapters: [] })
    expect((await life().restore()).estate?.log).toEqual([joined('eve')])
  })

  it('that a full disk has refused is written whole with what comes next', async () => {
    const { estate, full, life } = await scene()
    const membership = life()
    full.is = true
    membership.keepEstate(estate)
    await settled()
    full.is = false
    const later = { ...estate, log: [...estate.log, joined('bob')] }
    membership.keepEstate(later)
    await settled()
    expect((await life().restore()).estate).toEqual(later)
  })
})

describe('a device', () => {
  it('says that it knows a will once it is kept, and not where the disk is full', async () => {
    const { will, full, life } = await scene()
    const said: FromDevice[] = []
    const heir = heirOf('ada', life(), () => {})
    const hear = async (serial: number) => {
      heir.hear({ type: 'will', will: await will('founder', { serial }) }, null, (reply) => said.push(reply))
      await settled()
    }
    full.is = true
    await hear(1)
    full.is = false
    await hear(2)
    expect(said).toEqual([{ type: 'will-known', serial: 2 }])
    expect((await life().restore()).will?.serial).toBe(2)
  })

  it('that is an heir no more keeps no estate', async () => {
    const { will, estate, life } = await scene()
    const membership = life()
    const heir = heirOf('ada', membership, () => {})
    heir.restore({ will: estate.will, estate })
    membership.keepEstate(estate)
    heir.hear({ type: 'will', will: await will('founder', { serial: 2, heirs: ['bob'] }) }, null, () => {})
    await settled()
    expect((await life().restore()).estate).toBeNull()
  })
})
