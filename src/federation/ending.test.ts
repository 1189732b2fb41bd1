import { describe, expect, it } from 'vitest'
import { drive, of } from './fixtures/drive'
import type { AsynchronousProgress } from './schemes/asynchronous/state'

/** In an asynchronous run of two a has brought a merge of which b hears with its next order. */
function afterOneMerge() {
  const run = drive({ scheme: 'asynchronous', rounds: 5 })
  run.join('a', 'b')
  run.start()
  const { round } = (run.state.progress as AsynchronousProgress).workers[0].job!
  run.merged(run.happen({ type: 'update-arrived', device: 'a', round, version: 0, examples: 4 }))
  expect(run.state.adapters.global).toBe(1)
  return run
}
const spent = (device: string) => ({ type: 'text-held', device, examples: 4, isSpent: true }) as const

describe('a run that ends before its rounds are done', () => {
  it('brings its newest version to all who lack it, where every budget is spent', () => {
    const run = afterOneMerge()
    run.happen(spent('a'))
    const effects = run.happen(spent('b'))
    expect(run.state.control.kind).toBe('finished')
    expect(of(effects, 'announce')).toEqual([{ type: 'announce', to: ['b'], adapter: 'global', version: 1 }])
  })

  it('does so, too, where a person stops it, and once', () => {
    const run = afterOneMerge()
    const effects = run.happen({ type: 'command', command: 'stop' })
    expect(of(effects, 'announce').map(({ to }) => to)).toEqual([['b']])
    expect(run.happen({ type: 'device-left', device: 'a' })).toEqual([])
  })
})
