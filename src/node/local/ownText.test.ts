/** A person's own text in a room: what is learned and kept back, what is measured of it, and how far a tab's word is believed. */
import { describe, expect, it } from 'vitest'
import { mostExamples } from '../../corpora/own'
import { mostExamples as mostBelieved } from '../../federation/aggregation/check'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import { readText as readStored } from '../stored/records'

const linesOf = (count: number) => Array.from({ length: count }, (_, row) => `Row ${row} is here.`).join('\n')

async function roomWith(text: string) {
  const room = federationInMemory()
  const coordinator = await room.coordinator('rounds=1&corpus=own')
  const devices = await Promise.all(['a', 'b'].map((key, at) => room.device(key, at + 1)))
  await Promise.all(
    devices.map((device) =>
      until(device, ({ backend, phase }) => backend !== null && phase.kind === 'lobby'),
    ),
  )
  await Promise.all(devices.map((device) => device.usePaste(text)))
  await until(coordinator, (state) => state.devices.filter(({ examples }) => examples > 0).length === 2)
  coordinator.start()
  await until(coordinator, ({ phase, history }) => phase.kind === 'finished' && history.length === 1)
  await until(devices[0], ({ history }) => history.length === 1)
  return { coordinator, device: devices[0] }
}

describe('own text in a room', () => {
  it('of two paragraphs is learned whole, and nothing is said of held-out loss', async () => {
    const { coordinator, device } = await roomWith('Anna bakes bread.\n\nBob rows home.')
    expect(device.store.getState().text).toMatchObject({ title: 'pasted text', examples: 2, keptBack: 0 })
    expect(coordinator.snapshot().loss).toMatchObject({ heldOut: null, alone: null, base: null })
    expect(device.snapshot().loss.heldOut).toBeNull()
    expect([...coordinator.snapshot().errors, ...device.snapshot().errors]).toEqual([])
  })

  it('of 24 lines is measured on the two that are kept back', async () => {
    const { coordinator, device } = await roomWith(linesOf(24))
    expect(device.store.getState().text).toMatchObject({ examples: 22, keptBack: 2 })
    expect(coordinator.snapshot().loss.heldOut).toEqual(expect.any(Number))
  })

  it('is asked about in the tab that holds it, and shown to no other', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=1&corpus=own')
    const [anna, bob] = await Promise.all(['a', 'b'].map((key, at) => room.device(key, at + 1)))
    for (const device of [anna, bob])
      await until(device, ({ backend, phase }) => backend !== null && phase.kind === 'lobby')
    await anna.usePaste('Anna bakes bread every morning.')
    await bob.usePaste('Bob rows home every evening.')
    coordinator.start()
    await until(bob, ({ history }) => history.length === 1)
    expect(anna.store.getState().text.prompt).toEqual({
      prompt: 'Anna bakes bread',
      owner: null,
      answer: null,
    })
    for (const other of [coordinator, bob]) {
      expect(other.store.getState().text.prompt?.prompt).not.toBe('Anna bakes bread')
      expect(JSON.stringify([other.store.getState(), other.snapshot()])).not.toContain('Anna bakes')
    }
    expect(JSON.stringify(anna.snapshot())).not.toContain('Anna bakes')
    await anna.useCorpus('facts')
    expect(anna.store.getState().text.prompt).toBeNull()
  })

  it('is read before it is used, and is then what was looked at', async () => {
    const room = federationInMemory()
    await room.coordinator('corpus=own')
    const device = await room.device('a', 1)
    await until(device, ({ backend, phase }) => backend !== null && phase.kind === 'lobby')
    const file = new File(['name,town\nAnna,Riga\nBob,Oslo\n'], 'towns.csv')
    const column = '{name} lives in {town}.'
    const readings = await device.readText({ kind: 'files', files: [file], wishes: [{ column }] })
    expect(device.store.getState().text.title).toBeNull()
    await device.useText(readings)
    expect(device.store.getState().text).toMatchObject({
      title: 'towns.csv',
      sample: ['Anna lives in Riga.', 'Bob lives in Oslo.'],
    })
    await device.usePaste('moss '.repeat(300))
    const [sample] = device.store.getState().text.sample
    expect(sample).toMatch(/^moss moss.*…$/)
    expect(sample.length).toBeLessThanOrEqual(201)
  })

  it('is never more than what others believe of a tab', () => {
    expect(mostExamples).toBeLessThanOrEqual(mostBelieved)
  })

  it('with conversations is found again as it was kept', () => {
    const further = [{ prompt: '\n\nUser:\nAnd?\n\nAssistant:\n', completion: 'Riga.' }]
    const text = { title: 'chat.jsonl', examples: [{ prompt: 'User:\nSo?', completion: 'Paris.', further }] }
    expect(readStored(structuredClone(text))).toEqual({ value: text, damage: null })
  })
})
