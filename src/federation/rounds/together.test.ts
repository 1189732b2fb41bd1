import { describe, expect, it } from 'vitest'
import { replay } from '../federation'
import { drive, kinds, of } from '../fixtures/drive'
import type { CoordinatorEffect } from '../types'

/** A room of these devices whose first secure round has begun. */
function secureRoom(...devices: string[]) {
  const run = drive({ secure: true, rounds: 2 })
  run.join(...devices)
  const begun = run.start()
  const take = (step: 'keys' | 'shares' | 'unmasking', ...who: string[]): CoordinatorEffect[] =>
    who.flatMap((device) => [...run.happen({ type: 'step-taken', step, device, round: 1 })])
  const send = (...who: string[]): CoordinatorEffect[] =>
    who.flatMap((device) => [
      ...run.happen({ type: 'update-arrived', device, round: 1, version: 0, examples: 4 }),
    ])
  const timeIsUp = (name: string) =>
    run.happen({ type: 'timer-fired', timer: { name, adapter: 'global', round: 1 } })
  const leave = (device: string) => run.happen({ type: 'device-left', device })
  return Object.assign(run, { begun, take, send, timeIsUp, leave, control: () => run.state.control })
}

const four = ['a', 'b', 'c', 'd']

describe('a secure round', () => {
  it('asks for keys, closes the list, passes shares on, gathers, unmasks and merges a sum', () => {
    const room = secureRoom(...four)
    expect(kinds(room.begun)).toEqual(['order', 'ask-keys', 'start-timer', 'start-timer'])
    const closing = of(room.take('keys', ...four), 'close-roster')[0]
    expect(closing).toMatchObject({ merger: null, devices: four.map((device) => ({ device, weight: 64 })) })
    expect(of(room.take('shares', ...four), 'pass-shares')[0].to).toEqual(four)
    expect(of(room.send(...four), 'unmask')[0].survivors).toEqual(four)
    const merging = of(room.take('unmasking', 'd', 'b', 'a'), 'merge')[0]
    expect(merging).toMatchObject({
      together: true,
      version: 1,
      updates: four.map((device) => ({ device, round: 1, weight: 0.25 })),
    })
    room.merged([merging])
    expect(room.state.adapters.global).toBe(1)
  })

  it('takes no vector before shares are passed on, and none of a device that has not shared', () => {
    const room = secureRoom(...four)
    room.send('a')
    room.take('keys', ...four)
    room.send('a')
    room.take('shares', 'a', 'b', 'c')
    expect(of(room.timeIsUp('shares'), 'pass-shares')[0].to).toEqual(['a', 'b', 'c'])
    room.send('d')
    expect(of(room.send('a', 'b', 'c'), 'unmask')[0].survivors).toEqual(['a', 'b', 'c'])
  })

  it('goes on without those who go at any step, as long as enough are left', () => {
    for (const step of ['keys', 'shares', 'vectors', 'unmasking']) {
      const room = secureRoom(...four)
      const goesAt = (here: string) => (here === step ? room.leave('d') : [])
      const left = (here: string) => (here === step ? four.slice(0, 3) : four)
      room.take('keys', 'a', 'b', 'c')
      if (step !== 'keys') room.take('keys', 'd')
      goesAt('keys')
      const here = step === 'keys' ? four.slice(0, 3) : four
      room.take('shares', ...left('shares').filter((device) => here.includes(device)))
      goesAt('shares')
      const sharing = step === 'shares' ? four.slice(0, 3) : here
      const sent = room.send(...left('vectors').filter((device) => sharing.includes(device)))
      const asked = [...sent, ...goesAt('vectors')]
      expect(of(asked, 'unmask')).toHaveLength(1)
      goesAt('unmasking')
      const merging = of(room.take('unmasking', 'a', 'b', 'c'), 'merge')
      expect(merging, step).toHaveLength(1)
      expect(merging[0].updates.map(({ device }) => device)).toEqual(
        step === 'unmasking' ? four : four.slice(0, 3),
      )
    }
  })

  it.each(['keys', 'shares', 'vectors', 'unmasking'])(
    'is void where too few are left at %s, and says so',
    (step) => {
      const room = secureRoom('a', 'b', 'c')
      const three = ['a', 'b', 'c']
      if (step !== 'keys') room.take('keys', ...three)
      if (step === 'vectors' || step === 'unmasking') room.take('shares', ...three)
      if (step === 'unmasking') room.send(...three)
      const here = step === 'vectors' ? room.send('a', 'b') : room.take(step as 'keys', 'a', 'b')
      const effects = [...here, ...room.leave('c')]
      expect(of(effects, 'merge')).toEqual([])
      expect(of(effects, 'round-void')[0].why).toMatch(
        step === 'unmasking'
          ? /Only 2 devices told what takes the masks off, and 3 are needed/
          : /Only 2 devices took part.*3 are needed/,
      )
      expect(room.state.adapters.global).toBe(0)
    },
  )

  it('merges a sum that was asked for also where one of its devices wants to be forgotten since, and nothing of it later', () => {
    const room = secureRoom(...four)
    room.take('keys', ...four)
    room.take('shares', ...four)
    expect(of(room.send(...four), 'unmask')).toHaveLength(1)
    const asked = room.happen({ type: 'forget-asked', device: 'd', of: 'everything' })
    expect(kinds(asked), 'a second sum without it would tell what it has sent').toEqual([])
    const [merging] = of(room.take('unmasking', 'a', 'b', 'c'), 'merge')
    expect(merging.updates.map(({ device }) => device)).toEqual(four)
    const over = [
      ...room.merged([merging]),
      ...four.flatMap((device) => [
        ...room.happen({ type: 'loaded', device, adapter: 'global', version: 1 }),
      ]),
    ]
    expect(of(over, 'forgotten')).toMatchObject([{ wish: { device: 'd' }, version: 1 }])
    expect(of(over, 'order').flatMap(({ to }) => to)).toEqual(['a', 'b', 'c'])
  })

  it('of two devices pauses after three tries, says why, and begins once a third is there', () => {
    const room = secureRoom('a', 'b')
    for (let round = 0; round < 3; round++) room.take('keys', 'a', 'b')
    expect(room.control()).toMatchObject({
      kind: 'stuck',
      why: expect.stringContaining(
        'Only 2 devices took part, and a sum of so few would hide nobody: 3 are needed.',
      ),
    })
    room.join('c')
    expect(room.control()).toEqual({ kind: 'running' })
  })

  it('does not wait for ever at any step', () => {
    const room = secureRoom('a', 'b', 'c', 'd', 'e')
    room.take('keys', ...four)
    expect(of(room.timeIsUp('keys'), 'close-roster')[0].devices).toHaveLength(4)
    room.take('shares', 'a', 'b')
    expect(kinds(room.timeIsUp('shares'))).toContain('round-void')
  })

  it('of six closes at the deadline with five, and not with four', () => {
    const six = [...four, 'e', 'f']
    for (const [sent, kind] of [
      [five(six), 'unmask'],
      [four, 'round-void'],
    ] as const) {
      const room = secureRoom(...six)
      room.take('keys', ...six)
      room.take('shares', ...six)
      room.send(...sent)
      expect(kinds(room.timeIsUp('deadline'))).toContain(kind)
    }
  })

  it.each(['keys', 'shares', 'vectors', 'unmasking'])(
    'never happened where the coordinator is reloaded at %s',
    (step) => {
      const room = secureRoom(...four)
      if (step !== 'keys') room.take('keys', ...four)
      if (step === 'vectors' || step === 'unmasking') room.take('shares', ...four)
      if (step === 'unmasking') room.send(...four)
      const { state } = replay(room.config, room.log)
      expect(state).toEqual(room.state)
      room.happen({ type: 'coordinator-resumed' })
      expect(room.stage.kind).toBe('between')
      // What comes late belongs to nothing.
      expect(of(room.take('unmasking', ...four), 'merge')).toEqual([])
      const again = room.join(...four)
      expect(of(again, 'ask-keys')[0]).toMatchObject({ round: 1 })
    },
  )

  it('weighs by examples, and no claim by more than the median', () => {
    const run = drive({ secure: true })
    for (const [device, examples] of [
      ['a', 10],
      ['b', 20],
      ['c', 40],
      ['liar', 1e6],
    ] as const) {
      run.happen({ type: 'device-joined', device })
      run.happen({ type: 'text-held', device, examples })
    }
    run.start()
    const closing = ['a', 'b', 'c', 'liar'].flatMap((device) => [
      ...run.happen({ type: 'step-taken', step: 'keys', device, round: 1 }),
    ])
    expect(of(closing, 'close-roster')[0].devices.map(({ weight }) => weight)).toEqual([32, 64, 64, 64])
  })
})

const five = (devices: readonly string[]) => devices.slice(0, 5)
