import { describe, expect, it } from 'vitest'
import { drive, of } from './fixtures/drive'
import { hasRoomFor } from './members'

const indexOf = (run: ReturnType<typeof drive>, key: string) =>
  run.state.members.find((member) => member.key === key)?.index
const leave = (run: ReturnType<typeof drive>, device: string) => run.happen({ type: 'device-left', device })

describe('a room that remembers so many devices', () => {
  it('gives the place of one that never contributed to a newcomer, longest gone first', () => {
    const run = drive({ mostKnown: 3 })
    run.join('a', 'b', 'c')
    leave(run, 'c')
    leave(run, 'b')
    run.join('d')
    expect(run.state.members.map(({ key, index }) => [key, index])).toEqual([
      ['a', 0],
      ['b', 1],
      ['d', 2],
    ])
    expect(indexOf(run, 'c')).toBeUndefined()
  })

  it('gives a returning key its own index back, as long as it is remembered', () => {
    const run = drive({ mostKnown: 3 })
    run.join('a', 'b', 'c')
    leave(run, 'b')
    run.join('b')
    expect(indexOf(run, 'b')).toBe(1)
  })

  it('never forgets whose text is part of what all have learned, and says that it is full', () => {
    const run = drive({ mostKnown: 2 })
    run.join('a', 'b')
    run.start()
    for (const device of ['a', 'b'])
      run.happen({ type: 'update-arrived', device, round: 1, version: 0, examples: 4 })
    leave(run, 'a')
    expect(hasRoomFor(run.state.members, 'c', 2)).toBe(false)
    expect(hasRoomFor(run.state.members, 'a', 2)).toBe(true)
    run.join('c')
    expect(run.state.members.map(({ key }) => key)).toEqual(['a', 'b'])
  })

  it('keeps the devices behind an edge whose update was taken', () => {
    const run = drive({ mostKnown: 3, scheme: 'hierarchical' })
    run.join('edge', 'a', 'b')
    run.happen({ type: 'edge-appointed', device: 'edge', isEdge: true })
    run.start()
    run.happen({ type: 'update-arrived', device: 'edge', round: 1, version: 0, examples: 8 })
    leave(run, 'a')
    expect(hasRoomFor(run.state.members, 'stranger', 3)).toBe(false)
  })

  it.each(['clustered', 'asynchronous', 'hierarchical'] as const)(
    'stays as large as it is, whoever comes and goes, in %s rounds',
    (scheme) => {
      const run = drive({ mostKnown: 4, scheme })
      run.join('a', 'b')
      run.start()
      const sizes = Array.from({ length: 60 }, (_, at) => {
        run.join(`guest ${at}`)
        leave(run, `guest ${at}`)
        return JSON.stringify({ ...run.state, control: null }).length
      })
      const [half, end] = [sizes[29], sizes[59]]
      expect(run.state.members).toHaveLength(4)
      expect(end).toBeLessThan(half * 1.1)
    },
  )
})

describe('a device that takes no part', () => {
  const merged = (run: ReturnType<typeof drive>) => {
    run.start()
    const effects = ['a', 'b'].flatMap((device) => [
      ...run.happen({ type: 'update-arrived', device, round: 1, version: 0, examples: 4 }),
    ])
    return run.merged(effects)
  }

  it('is sent the new version and not waited for, whether it holds no text or sleeps', () => {
    const run = drive({ rounds: 1 })
    run.join('a', 'b', 'sleeper')
    run.happen({ type: 'device-joined', device: 'guest' })
    run.happen({ type: 'device-paused', device: 'sleeper' })
    const [announced] = of(merged(run), 'announce')
    expect(announced.to).toEqual(['a', 'b', 'sleeper', 'guest'])
    expect(run.stage).toMatchObject({ kind: 'loading', awaited: ['a', 'b'] })
  })

  it('is not waited for any more once it falls asleep while it loads', () => {
    const run = drive({ rounds: 1 })
    run.join('a', 'b')
    merged(run)
    run.happen({ type: 'loaded', device: 'a', adapter: 'global', version: 1 })
    const effects = run.happen({ type: 'device-paused', device: 'b' })
    expect(of(effects, 'round-completed')).toHaveLength(1)
  })
})
