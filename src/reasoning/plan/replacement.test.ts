import { describe, expect, it } from 'vitest'
import { banMs, replacementFor, type Survivor } from './replacement'

const tab = (id: string, some: Partial<Survivor> = {}): Survivor => ({
  id,
  millisecondsPerLayer: 1,
  overheadMs: 1,
  mostLayers: 6,
  holds: 0,
  hasSameArithmetic: true,
  isBanned: false,
  ...some,
})

describe('the layers of a lost stage', () => {
  it('go to one tab that can hold them all, of the same arithmetic before a faster one', () => {
    const plan = replacementFor({ from: 2, to: 4 }, [
      tab('fast', { hasSameArithmetic: false, millisecondsPerLayer: 0.1 }),
      tab('slow', { millisecondsPerLayer: 9 }),
      tab('full', { holds: 5 }),
    ])
    expect(plan).toEqual([{ id: 'slow', layers: { from: 2, to: 4 } }])
  })

  it('are shared out where nobody has room for all', () => {
    const plan = replacementFor({ from: 2, to: 5 }, [
      tab('a', { mostLayers: 3, holds: 1 }),
      tab('b', { mostLayers: 1 }),
      tab('c', { mostLayers: 2, holds: 2 }),
    ])
    expect(plan).toEqual([
      { id: 'a', layers: { from: 2, to: 4 } },
      { id: 'b', layers: { from: 4, to: 5 } },
    ])
    expect(
      replacementFor({ from: 0, to: 5 }, [tab('a', { mostLayers: 2 }), tab('b', { mostLayers: 2 })]),
    ).toBeNull()
  })

  it('pass over who failed lately, unless all have', () => {
    expect(replacementFor({ from: 0, to: 1 }, [tab('a', { isBanned: true }), tab('b')])).toEqual([
      { id: 'b', layers: { from: 0, to: 1 } },
    ])
    expect(replacementFor({ from: 0, to: 1 }, [tab('a', { isBanned: true })])).toEqual([
      { id: 'a', layers: { from: 0, to: 1 } },
    ])
    expect([1, 2, 3].map(banMs)).toEqual([15_000, 30_000, 60_000])
  })
})
