/**
 * A room that has lost its coordinator for good: tabs that are loaded anew meanwhile find again what they knew and elect with the
 * others, and whoever is elected goes on with what was settled before, also with whom the room has forgotten.
 */
import { describe, expect, it } from 'vitest'
import { virtualRoom } from '../fixtures/virtualRoom'
import type { GossamerNode } from '../gossamerNode'
import { nameInRoom } from '../self'

const devices = ['a', 'b', 'c']
/** Seconds after which this room elects. */
const silence = 10

/** Devices in the middle of a run, two of which are heirs and have said that they are up to date. */
async function underWay(keys = devices) {
  const room = await virtualRoom(`rounds=200&autostart=3&baselines=0&corpus=kitchen&silence=${silence}`)
  await room.open('coordinator')
  for (const key of keys) await room.open(key)
  const isUnderWay = () => room.shows('coordinator').version >= 2
  expect(await room.passes(isUnderWay)).toBe(true)
  await room.passes(() => room.shows('coordinator').succession.heirs.length === 2)
  const { heirs } = room.shows('coordinator').succession
  return { room, heirs, voter: devices.find((key) => !heirs.includes(key))! }
}

type Scene = Awaited<ReturnType<typeof underWay>>

/** The coordinator is gone for good, and these are loaded anew before anybody has noticed. */
async function lose({ room }: Pick<Scene, 'room'>, reloaded: readonly string[]) {
  const { version } = room.shows('coordinator')
  room.kill('coordinator')
  await room.clock.advance(2_000)
  for (const key of reloaded) await room.reload(key)
  return version
}

/** Whether an elected coordinator goes on from a version, and these devices with it. */
const goesOn = ({ room }: Pick<Scene, 'room'>, version: number, keys: readonly string[]) =>
  room.passes(() => {
    const office = room.office()?.store.getState()
    return office !== undefined && [office, ...keys.map(room.shows)].every((node) => node.version > version)
  })

describe('a room that has lost its coordinator', () => {
  it('elects with a device that was loaded anew meanwhile, where it takes that one’s vote', async () => {
    const scene = await underWay()
    const { room, heirs, voter } = scene
    const version = await lose(scene, [voter])
    room.kill(heirs[1])
    expect(await goesOn(scene, version, [heirs[0], voter])).toBe(true)
    expect(room.office()!.store.getState().succession.term).toBe(1)
  })

  it('elects an heir that was loaded anew: it finds what it was given in its storage', async () => {
    const scene = await underWay()
    const { room, heirs, voter } = scene
    const version = await lose(scene, [heirs[0]])
    room.kill(heirs[1])
    expect(await goesOn(scene, version, [heirs[0], voter])).toBe(true)
  })

  it('elects where all of them were', async () => {
    const scene = await underWay()
    const version = await lose(scene, devices)
    expect(await goesOn(scene, version, devices)).toBe(true)
  })

  it('shows meanwhile that the coordinator is not there, and no more once it is back', async () => {
    const scene = await underWay()
    const { room, voter } = scene
    await lose(scene, [voter])
    const codes = () => room.shows(voter).problems.map(({ code }) => code)
    expect(await room.passes(() => codes().includes('coordinator-gone'), 7_000)).toBe(true)
    expect(room.shows(voter).phase.kind).toBe('waiting-for-room')
    await room.open('coordinator')
    expect(await room.passes(() => room.shows(voter).phase.kind === 'running')).toBe(true)
    expect([codes().includes('coordinator-gone'), room.office()]).toEqual([false, null])
  })

  it('elects again where that one goes, too, also with a device that comes by the first link', async () => {
    const scene = await underWay()
    const { room } = scene
    const version = await lose(scene, [])
    expect(await goesOn(scene, version, devices)).toBe(true)
    const elected = devices.find((key) => room.officeOf(key) !== null)!
    const others = devices.filter((key) => key !== elected)
    const { version: then } = room.office()!.store.getState()
    room.kill(elected)
    await room.clock.advance(2_000)
    await room.reload(others[1])
    expect(await goesOn(scene, then, others)).toBe(true)
    expect(room.office()!.store.getState().succession.term).toBe(2)
  })
})

describe('whoever was forgotten before', () => {
  it('has its certificate on the elected coordinator’s page, too, and makes it there where it was away', async () => {
    const scene = await underWay([...devices, 'd', 'e'])
    const { room } = scene
    const certificatesOf = (node: GossamerNode | null) => node?.store.getState().certificates ?? []
    const coordinator = room.node('coordinator')
    const ofD = () => certificatesOf(coordinator)[0]?.forgotten
    room.node('d').forget('d')
    expect(await room.passes(() => (ofD() ?? null) !== null)).toBe(true)
    room.kill('e')
    await room.clock.advance(1_000)
    coordinator.forget('e')
    expect(await room.passes(() => certificatesOf(coordinator).length === 2)).toBe(true)
    const before = certificatesOf(coordinator)
    expect(before[1]).toMatchObject({ unlearned: { kind: 'not-kept' }, forgotten: null })

    const version = await lose(scene, [])
    expect(await goesOn(scene, version, devices)).toBe(true)
    expect(certificatesOf(room.office())).toEqual(before)
    await room.open('e')
    const ofE = () => certificatesOf(room.office())[1].forgotten
    expect(await room.passes(() => ofE() !== null)).toBe(true)
    expect(certificatesOf(room.node('e'))).toEqual([certificatesOf(room.office())[1]])
  })

  it('is known to heirs at once, also where nothing is merged any more', async () => {
    const { room, heirs } = await underWay([...devices, 'd'])
    const coordinator = room.node('coordinator')
    coordinator.pause()
    await room.passes(() => room.shows('coordinator').phase.kind === 'paused')
    await room.clock.advance(5_000)
    coordinator.forget('d')
    await room.passes(() => room.shows('coordinator').certificates[0]?.forgotten != null)
    await room.clock.advance(1_000)
    const estate = await room.diskOf(heirs[0]).loadEstate(nameInRoom('TEST', heirs[0]))
    expect(estate?.forgotten).toMatchObject([{ wish: { device: 'd', of: 'everything' }, isCertified: true }])
  })
})

describe('what a device keeps of its room', () => {
  const nameOf = (key: string) => nameInRoom('TEST', key)

  it('is an estate at heirs alone', async () => {
    const { room, heirs, voter } = await underWay()
    const estateOf = (key: string) => room.diskOf(key).loadEstate(nameOf(key))
    expect((await estateOf(heirs[0]))?.will.heirs).toEqual(heirs)
    expect(await estateOf(voter)).toBeNull()
  })

  it('goes when its person leaves for good', async () => {
    const { room, heirs } = await underWay()
    const disk = room.diskOf(heirs[0])
    expect((await disk.loadMembership(nameOf(heirs[0])))?.will?.heirs).toEqual(heirs)
    await room.node(heirs[0]).leave()
    expect(await disk.loadMembership(nameOf(heirs[0]))).toBeNull()
    expect(await disk.loadEstate(nameOf(heirs[0]))).toBeNull()
  })

  it('counts for nothing where the signature under its will is another one', async () => {
    const scene = await underWay()
    const { room, heirs, voter } = scene
    const disk = room.diskOf(heirs[0])
    await lose(scene, [])
    room.kill(heirs[0])
    room.kill(heirs[1])
    const kept = (await disk.loadMembership(nameOf(heirs[0])))!
    const will = { ...kept.will!, version: kept.will!.version + 1 }
    await disk.saveMembership(nameOf(heirs[0]), { ...kept, will })
    await room.open(heirs[0])
    expect(await room.passes(() => room.shows(voter).succession.isElecting, 60_000)).toBe(false)
    expect([room.office(), room.shows(heirs[0]).succession.heirs]).toEqual([null, []])
  })
})
