import { describe, expect, it } from 'vitest'
import type { CommandEvent } from '../../federation/events'
import { virtualClock } from '../../network/time/virtual-clock'
import { EventLoop, type EventLoopParts } from './eventLoop'

type Parts = EventLoopParts<readonly string[], CommandEvent, string>

/** A reducer that remembers commands, and asks for an effect of each command's name. */
function scene(change: Partial<Parts> = {}) {
  const seen: string[] = []
  const loop = new EventLoop<readonly string[], CommandEvent, string>([], {
    clock: virtualClock(),
    step: (state, { command }) => [[...state, command], [command]],
    perform: (effect) => seen.push(`did ${effect} in ${loop.state.join()}`),
    failed: (error) => seen.push(`failed: ${error}`),
    ...change,
  })
  return { loop, seen, say: (command: CommandEvent['command']) => loop.happen({ type: 'command', command }) }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('events', () => {
  it('count at once where nothing has to be awaited', () => {
    const { loop, seen, say } = scene()
    say('start')
    expect(loop.state).toEqual(['start'])
    expect(seen).toEqual(['did start in start'])
  })

  it('that happen inside an effect wait until all effects of theirs are done', () => {
    const seen: string[] = []
    const { loop, say } = scene({
      step: (state, { command }) => [[...state, command], command === 'start' ? ['first', 'second'] : []],
      perform(effect) {
        seen.push(`${effect} in ${loop.state.join()}`)
        if (effect === 'first') say('pause')
      },
    })
    say('start')
    expect(seen).toEqual(['first in start', 'second in start'])
    expect(loop.state).toEqual(['start', 'pause'])
  })

  it('wait for what the one before needs, in their order, and see its outcome', async () => {
    const made: string[] = []
    const { loop, seen, say } = scene({
      prepare: ([effect]) => (effect === 'start' ? settled().then(() => () => void made.push('mean')) : null),
      counted: ({ command }) => {
        made.push(command)
        return null
      },
    })
    say('start')
    say('pause')
    expect(loop.state).toEqual([])
    await settled()
    await settled()
    expect(made).toEqual(['mean', 'start', 'pause'])
    expect(seen).toEqual(['did start in start', 'did pause in start,pause'])
  })

  it('have not happened where that fails, and the next one does', async () => {
    const { loop, seen, say } = scene({
      prepare: ([effect]) => (effect === 'start' ? Promise.reject(new Error('no memory')) : null),
    })
    say('start')
    say('pause')
    await settled()
    expect(loop.state).toEqual(['pause'])
    expect(seen).toEqual(['failed: Error: no memory', 'did pause in pause'])
  })

  it('have effects only once they are kept', async () => {
    const { seen, say } = scene({ counted: () => settled().then(() => void seen.push('kept')) })
    say('start')
    expect(seen).toEqual([])
    await settled()
    await settled()
    expect(seen).toEqual(['kept', 'did start in start'])
  })

  it('do not happen any more once the loop is closed', async () => {
    const { loop, seen, say } = scene({ prepare: () => settled().then(() => () => {}) })
    say('start')
    loop.close()
    say('pause')
    await settled()
    await settled()
    expect(seen).toEqual([])
    expect(loop.state).toEqual([])
  })
})
