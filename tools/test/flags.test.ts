import { parseArgs } from 'node:util'
import { expect, it } from 'vitest'
import { onceEach } from './flags'

const read = (...args: string[]) =>
  onceEach(
    parseArgs({
      args,
      tokens: true,
      options: {
        seed: { type: 'string' },
        slice: { type: 'boolean', default: false },
        family: { type: 'string', multiple: true, default: [] },
      },
    }),
    'family',
  )

it('flags are read once each, and again and again where they may be repeated', () => {
  expect(read('--seed', '3', '--family=a', '--family', 'b')).toEqual({
    seed: '3',
    slice: false,
    family: ['a', 'b'],
  })
  expect(() => read('--seed', '3', '--seed=3')).toThrow('--seed is given twice. Give it once.')
  expect(() => read('--slice', '--slice')).toThrow('--slice is given twice')
})
