import { expect, it } from 'vitest'
import { openQueue } from './queue'

it('a further question waits as long as others make it wait', () => {
  let now = 10_000
  const queue = openQueue(() => now)
  const ask = (from: string, forMs: number) => {
    const answered = queue.arrived(from)
    now += forMs
    answered()
  }
  expect(queue.waitMs('me'), 'nobody asks').toBe(0)
  for (let question = 0; question < 10; question++) {
    ask('a', 100)
    now += 100
  }
  expect(queue.waitMs('me'), 'half of the time it works on one of 100 ms').toBe(50)
  expect(queue.waitMs('a'), 'its own are no reason to ask elsewhere').toBe(0)
  now += 1000
  expect(queue.waitMs('me')).toBe(25)
  now += 2000
  expect(queue.waitMs('me'), 'what is long ago is over').toBe(0)
})

it('of several that wait at once each took its waiting, too, and the tab worked once', () => {
  let now = 10_000
  const queue = openQueue(() => now)
  const [first, second] = [queue.arrived('a'), queue.arrived('b')]
  now += 500
  first()
  now += 500
  second()
  // 750 ms each at the mean, half of the last two seconds.
  expect(queue.waitMs('me')).toBe(375)
  expect(queue.waitMs('b')).toBe(125)
  const third = queue.arrived('c')
  now += 100
  expect(queue.waitMs('a'), 'one that is still worked on counts').toBeGreaterThan(0)
  third()
})
