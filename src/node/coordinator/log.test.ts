/** What a coordinator's browser has stored, whatever it refuses in between. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CoordinatorEvent } from '../../federation/types'
import type { Tab } from '../tab/tab'
import { logOf } from './log'

const eventAt = (atMs: number): CoordinatorEvent => ({ type: 'coordinator-resumed', atMs })

/** A disk that takes what comes while `works` says so, and a tab that shows what it is told. */
function stage(works: () => boolean) {
  const stored: number[] = []
  const problems = new Set<string>()
  const tab = {
    problem: (code: string) => void problems.add(code),
    solved: (code: string) => void problems.delete(code),
  } as Pick<Tab, 'problem' | 'solved'> as Tab
  const keep = logOf(
    tab,
    {
      async append(_, event) {
        await Promise.resolve()
        if (!works()) throw new DOMException('full', 'QuotaExceededError')
        stored.push(event!.atMs)
      },
    },
    'ROOM',
  )
  return { keep, stored, problems }
}

describe('the log of a coordinator', () => {
  it('is a beginning of what happened, whichever writes fail, and whole once the disk works again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (willing) => {
        let works = true
        const { keep, stored, problems } = stage(() => works)
        for (const [at, isWilling] of willing.entries()) {
          works = isWilling
          await keep(eventAt(at))
          expect(stored).toEqual(stored.map((_, place) => place))
          expect(problems.has('not-stored')).toBe(!isWilling)
        }
        works = true
        await keep(eventAt(willing.length))
        expect(stored).toHaveLength(willing.length + 1)
        expect([...problems]).toEqual([])
      }),
    )
  })

  it('keeps its order where several are on their way at once', async () => {
    let asked = 0
    const { keep, stored } = stage(() => ++asked !== 1)
    await Promise.all([0, 1, 2].map((at) => keep(eventAt(at))))
    await Promise.all([3, 4].map((at) => keep(eventAt(at))))
    expect(stored).toEqual([0, 1, 2, 3, 4])
  })

  it('gives up behind a disk that stays full, and still has no hole', async () => {
    let works = true
    const { keep, stored, problems } = stage(() => works)
    await keep(eventAt(0))
    works = false
    for (let at = 1; at < 400; at++) await keep(eventAt(at))
    works = true
    await keep(eventAt(400))
    expect(stored).toEqual([0])
    expect([...problems]).toEqual(['not-stored'])
  })
})
