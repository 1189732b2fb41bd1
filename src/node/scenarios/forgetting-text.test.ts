/** One text of several that a tab holds is to be forgotten, and the tab stays. */
import { describe, expect, it } from 'vitest'
import { afterRun, finished, withCertificate } from '../fixtures/forgetting'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import { nameInRoom } from '../self'

describe('one text of a tab', () => {
  const lines = Array.from({ length: 24 }, (_, row) => `Row ${row} is ${row % 3 === 0 ? 'secret' : 'plain'}.`)

  async function withOwnText() {
    const room = federationInMemory()
    const coordinator = await room.coordinator('ledger=1&rounds=2&corpus=own&baselines=0')
    const devices = await Promise.all([room.device('a', 2), room.device('b', 3)])
    await Promise.all(
      devices.map((device) =>
        until(device, ({ backend, phase }) => backend !== null && phase.kind === 'lobby'),
      ),
    )
    await Promise.all(devices.map((device) => device.usePaste(lines.join('\n'))))
    await until(coordinator, (state) => state.devices.filter(({ examples }) => examples > 0).length === 2)
    coordinator.start()
    await finished(coordinator)
    return { room, coordinator, devices }
  }

  it('stays asked for where its tab is loaded anew before anybody has heard', async () => {
    const { room, devices } = await withOwnText()
    room.kill('coordinator')
    await devices[1].forgetText('secret')
    room.kill('b')
    const again = await room.device('b', 3)
    await until(again, ({ forgetting }) => forgetting === 'text')
    const coordinator = await room.reloadCoordinator()
    const { certificates } = await until(again, (state) => state.certificates.length === 1)
    // Which text it was only the last life knew.
    expect(certificates).toMatchObject([{ of: 'text', unlearned: { kind: 'replayed' }, forgotten: null }])
    expect(again.store.getState().forgetting).toBeNull()
    await until(coordinator, (state) => state.certificates.length === 1)
    expect(await room.storage.loadWish(nameInRoom('TEST', 'b'))).toBeNull()
  })

  it('is put away and unlearned, and the tab stays with what it still holds', async () => {
    const { coordinator, devices } = await withOwnText()
    await devices[1].forgetText('secret')
    const { certificates } = await withCertificate(coordinator)
    expect(certificates[0]).toMatchObject({ of: 'text', unlearned: { kind: 'replayed', rounds: 3 } })
    const { text } = await until(devices[1], ({ phase }) => phase.kind === 'finished')
    expect(text.examples + text.keptBack).toBe(16)
    expect(text.sample.join(' ')).not.toContain('secret')
    expect(JSON.stringify(coordinator.store.getState())).not.toContain('secret')
  })

  it('is asked for one at a time: a second waits until the first is unlearned', async () => {
    const { devices } = await withOwnText()
    const first = devices[1].forgetText('secret')
    await first
    await expect(devices[1].forgetText('Row 1 ')).rejects.toThrow('waits for its room to forget already')
    await withCertificate(devices[1])
    await devices[1].forgetText('Row 1 ')
    await until(devices[1], ({ certificates }) => certificates.length === 2)
  })

  it.each([
    ['nowhere', 'These words stand in no text'],
    [' ', 'These words stand in no text'],
    ['Row', 'These words stand in every text'],
  ])('is not found by “%s”, and nothing is lost', async (words, why) => {
    const { devices } = await withOwnText()
    const before = devices[1].store.getState().text
    await expect(devices[1].forgetText(words)).rejects.toThrow(why)
    expect(devices[1].store.getState().text).toBe(before)
  })

  it('that was generated is nobody’s own', async () => {
    const { devices } = await afterRun()
    await expect(devices[0].forgetText('bread')).rejects.toThrow('generated text')
  })
})
