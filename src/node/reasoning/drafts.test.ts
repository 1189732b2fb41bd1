/** A room that trains first layers alone, and what its tabs guess with later, in a room of the whole model. */
import { describe, expect, it } from 'vitest'
import { encodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { Compute, OpenRequest } from '../../training/compute'
import { bOf, federationInMemory, modelHash, towards, toyCompute } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

const finished = (node: GossamerNode) => until(node, ({ phase }) => phase.kind === 'finished')
const inLobby = (node: GossamerNode) => until(node, ({ phase }) => phase.kind === 'lobby')

/** An engine that notes how it is opened, over a model of four layers. */
function noting() {
  const requests: OpenRequest[] = []
  const asked: (Uint8Array | null)[] = []
  return {
    requests,
    /** The adapters that guesses were asked with: those of sessions over some of the layers. */
    asked,
    compute(): Partial<Compute> {
      const { open, sessions } = toyCompute(() => towards(2))
      return {
        async open(request) {
          requests.push(request)
          return open(request)
        },
        sessions: {
          ...sessions,
          facts: async () => ({ ...(await sessions.facts()), layers: 4 }),
          async openSession(request) {
            if (request.stretch.layers.to < 4) asked.push(request.adapter)
            return sessions.openSession(request)
          },
        },
      }
    },
  }
}

async function roomAt(query: string) {
  const room = federationInMemory()
  const [one, other] = [noting(), noting()]
  const coordinator = await room.coordinator(`rounds=2&${query}`, one.compute())
  const device = await room.device('a', 2, other.compute())
  await until(coordinator, ({ devices }) => devices.some(({ examples }) => examples > 0))
  return { room, coordinator, device, engines: [one, other] as const }
}

describe('a room at a depth', () => {
  it('is opened at it by everybody, also by whoever’s address says something else', async () => {
    const { room, device, engines } = await roomAt('depth=2')
    for (const { requests } of engines) expect(requests).toMatchObject([{ depth: 2 }])
    expect(device.store.getState().settings.depth).toBe(2)
    const contrary = noting()
    await inLobby(await room.device('b', 2, contrary.compute(), 'depth=3'))
    expect(contrary.requests).toMatchObject([{ depth: 2 }])
  })

  it('keeps what it has trained in each of its tabs, by the base model; one of the whole model keeps nothing', async () => {
    const { room, coordinator, device } = await roomAt('depth=2')
    expect((await room.storage.loadDraft(modelHash)).value).toBeNull()
    coordinator.start()
    await Promise.all([coordinator, device].map(finished))
    const { value } = await room.storage.loadDraft(modelHash)
    expect(value).toMatchObject({ layers: 2, room: 'TEST', config: { rank: 1, alpha: 2 } })
    expect(bOf(value!.bytes)).toBe(bOf(device.adapter()!))

    const whole = await roomAt('')
    whole.coordinator.start()
    await Promise.all([whole.coordinator, whole.device].map(finished))
    expect((await whole.room.storage.loadDraft(modelHash)).value).toBeNull()
  })

  it('is trained also by a tab that may hold just so many layers, and not by one that may hold fewer', async () => {
    const { room, coordinator } = await roomAt('depth=2')
    const [enough, few] = [noting(), noting()]
    await inLobby(await room.device('b', 2, enough.compute(), 'layers=2'))
    expect(enough.requests).toMatchObject([{ depth: 2, mostLayers: undefined }])
    const device = await room.device('c', 2, few.compute(), 'layers=1')
    await inLobby(device)
    expect(few.requests).toMatchObject([{ depth: 2, mostLayers: 1 }])
    await expect(device.usePaste('Some text of its own.')).rejects.toThrow(/layers=N: it lends a part/)
    await until(coordinator, ({ devices }) =>
      devices.some(({ key, examples }) => key === 'b' && examples > 0),
    )
    expect(coordinator.store.getState().devices.find(({ key }) => key === 'c')!.examples).toBe(0)
  })
})

describe('a tab of a later room', () => {
  const factors = (scale: number): TensorMap =>
    new Map([
      ['base.h.0.w.lora_A.weight', { shape: [1, 2], data: Float32Array.of(1, 2) }],
      ['base.h.0.w.lora_B.weight', { shape: [2, 1], data: Float32Array.of(3 * scale, 4 * scale) }],
    ])
  const config = { rank: 1, alpha: 8, targets: ['w'] }
  async function laterRoom(layers: number) {
    const later = await roomAt('')
    const bytes = encodeSafetensors(factors(1))
    await later.room.storage.saveDraft(modelHash, { layers, config, bytes, room: 'EARLIER' })
    return later
  }

  it('guesses with what was kept, at the scale of its own room, and says so; and without where that is asked for', async () => {
    const { device, engines } = await laterRoom(1)
    const { asked } = engines[1]
    await device.lookAround()
    expect(device.store.getState().reasoning.keptDraft).toEqual({ layers: 1, room: 'EARLIER' })
    const question = { prompt: 'ab', tokens: 3, mode: 'speculative' }
    await device.generate(question)
    // alpha / rank is 8 there and 2 here.
    expect(asked.at(-1)).toEqual(encodeSafetensors(factors(4)))
    await device.generate({ ...question, draftAdapter: 'none' })
    expect(asked.at(-1)).not.toEqual(encodeSafetensors(factors(4)))
    await expect(device.generate({ ...question, draftAdapter: 'best' as 'none' })).rejects.toThrow(
      'A draft cannot be made with “best”. Choose kept or none.',
    )
  })

  it('leaves alone what has as many layers as the model', async () => {
    const { device } = await laterRoom(4)
    await device.lookAround()
    expect(device.store.getState().reasoning.keptDraft).toBeNull()
  })
})
