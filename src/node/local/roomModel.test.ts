import { describe, expect, it } from 'vitest'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

const failed = (node: GossamerNode) => until(node, ({ phase }) => phase.kind === 'failed')
const inLobby = (node: GossamerNode) => until(node, ({ phase }) => phase.kind === 'lobby')

describe('a room’s model', () => {
  it('that a device cannot load is said there, and the room does without it', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('model=local:tiny&rounds=1')
    await inLobby(coordinator)
    const open = () => Promise.reject(new Error('This browser does not keep the model local:tiny.'))
    const device = await room.device('a', 1, { open })
    const { problems, settings } = await failed(device)
    expect(problems).toMatchObject([{ code: 'no-model', message: expect.stringMatching('does not keep') }])
    expect(settings.model).toBe('local:tiny')
    await room.device('b', 1)
    const { devices } = await until(coordinator, (state) =>
      state.devices.some(({ key, activity }) => key === 'b' && activity === 'idle'),
    )
    expect(devices.find(({ key }) => key === 'a')?.activity).toBe('joining')
  })

  it.each([
    ['local:tiny', /other weights than the room’s.*Drop the very folder/],
    ['owner/tiny', /other weights than the room’s.*Reload the coordinator’s tab/],
  ])('%s must have the same weights everywhere', async (model, sentence) => {
    const room = federationInMemory()
    await inLobby(await room.coordinator(`model=${model}`))
    const opened = await room.opened()
    const device = await room.device('a', 1, {
      open: async () => ({ ...opened, modelHash: 'cd'.repeat(32) }),
    })
    const { problems } = await failed(device)
    expect(problems).toHaveLength(1)
    expect(problems[0].message).toMatch(sentence)
  })

  it('that the coordinator cannot load leaves its devices waiting for a coordinator that can', async () => {
    const room = federationInMemory()
    const open = () => Promise.reject(new Error('huggingface.co cannot be reached.'))
    await failed(await room.coordinator('model=owner/tiny', { open }))
    const device = await room.device('a', 1)
    await inLobby(await room.reloadCoordinator())
    expect((await inLobby(device)).problems).toEqual([])
  })
})
