import { describe, expect, it } from 'vitest'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'

const titleOf = (title: string) => (state: { readonly text: { readonly title: string | null } }) =>
  state.text.title === title

describe('a lobby in which the text is changed', () => {
  it('deals it out anew, but not to whoever has chosen', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('corpus=facts')
    const [follows, chose] = await Promise.all([room.device('a', 1), room.device('b', 1)])
    await Promise.all([follows, chose].map((device) => until(device, titleOf('facts'))))
    await chose.useCorpus('weather')
    await until(chose, titleOf('weather'))
    await coordinator.configure({ corpus: 'kitchen' })
    await until(follows, titleOf('kitchen'))
    await until(chose, ({ settings }) => settings.corpus === 'weather')
    expect(chose.store.getState().text.title).toBe('weather')
    await until(coordinator, ({ devices }) => devices.some(({ corpus }) => corpus === 'kitchen'))
    const texts = coordinator.store.getState().devices.map(({ corpus }) => corpus)
    expect(texts).toEqual(expect.arrayContaining(['kitchen', 'weather']))
  })
})
