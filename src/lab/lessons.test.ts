import { describe, expect, it } from 'vitest'
import { controlsOf, writtenIn } from './controls'
import { type Arm, lessons, secondsUntil, verdictOf } from './lessons'
import { labPresetNames, labPresets } from './presets'

const arm = (change: Partial<Arm>): Arm => ({
  loss: 2,
  base: 4,
  alone: null,
  centralised: null,
  wanBytes: 0,
  clusters: null,
  course: [],
  ...change,
})
const course = (...points: readonly (readonly [number, number])[]) =>
  points.map(([seconds, loss]) => ({ seconds, loss }))

describe('the lesson of a preset', () => {
  it.each(labPresetNames)('is held against something else than itself: %s', (name) => {
    const { beside } = lessons[name]
    const control = controlsOf().find((one) => one.name === beside?.control)
    expect(control === undefined).toBe(beside === null)
    if (control) expect(writtenIn(control, labPresets[name])).not.toBe(beside?.value)
  })

  it('is seen on the axis that the question asks for', () => {
    expect(lessons['edges-save-the-uplink'].axis).toBe('bytes')
    expect(lessons.stragglers.axis).toBe('seconds')
    expect(lessons['four-villages'].axis).toBe('rounds')
  })
})

describe('a verdict', () => {
  it('says how far averaging goes from alone to all text in one place', () => {
    const own = arm({ loss: 2.1, alone: 3, centralised: 2 })
    expect(verdictOf('iid', own, null)).toMatchObject({ share: expect.closeTo(0.9) })
    expect(verdictOf('iid', arm({}), null), 'without yardsticks').toBeNull()
  })

  it('compares two arms at the loss that both have reached', () => {
    const own = arm({ course: course([0, 4], [10, 3], [20, 2], [30, 1]) })
    const beside = arm({ course: course([0, 4], [40, 2]) })
    expect(verdictOf('stragglers', own, beside)).toEqual({
      kind: 'waiting',
      loss: 2,
      withoutWaiting: 20,
      waiting: 40,
    })
    expect(verdictOf('stragglers', beside, own)).toMatchObject({ withoutWaiting: 40, waiting: 20 })
    expect(verdictOf('stragglers', own, arm({}))).toBeNull()
  })

  it('finds when a course is at a loss between two measurements', () => {
    const one = { course: course([0, 4], [10, 3], [20, 3.5], [30, 1]) }
    expect(secondsUntil(one, 3.5)).toBe(5)
    expect(secondsUntil(one, 2)).toBe(26)
    expect(secondsUntil(one, 4)).toBe(0)
    expect(secondsUntil(one, 0.5)).toBeNull()
  })

  it('holds bytes and losses against each other', () => {
    const [own, beside] = [arm({ wanBytes: 3e6, loss: 2.1 }), arm({ wanBytes: 12e6, loss: 2 })]
    expect(verdictOf('edges-save-the-uplink', own, beside)).toEqual({
      kind: 'uplink',
      bytes: 3e6,
      flatBytes: 12e6,
      loss: 2.1,
      flatLoss: 2,
    })
    expect(verdictOf('nobody-in-charge', own, beside)).toMatchObject({ share: expect.closeTo(0.95) })
    expect(verdictOf('liars', own, beside)).toEqual({ kind: 'doubt', loss: 2.1, trusting: 2, base: 4 })
    expect(verdictOf('only-sums', own, beside)).toMatchObject({
      kind: 'masks',
      plainBytes: 12e6,
      plainLoss: 2,
    })
    expect(verdictOf('four-villages', own, beside)).toMatchObject({ own: 2.1, common: 2 })
    expect(verdictOf('four-villages', own, null), 'with one arm').toBeNull()
  })
})
