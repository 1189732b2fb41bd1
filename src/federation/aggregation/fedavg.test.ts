import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { difference, updateComplaint } from './check'
import { fedavg } from './fedavg'

const tensors = (values: readonly number[]) =>
  new Map([['w', { shape: [values.length], data: Float32Array.from(values) }]])
const values = (map: ReadonlyMap<string, { data: Float32Array }>) => [...map.get('w')!.data]

const numbers = fc.array(fc.float({ noNaN: true, min: -10, max: 10 }), { minLength: 6, maxLength: 6 })
const plain = { rate: 1, momentum: 0 }

describe('federated averaging', () => {
  it('is the example-weighted mean of what the devices ended with', () => {
    fc.assert(
      fc.property(
        numbers,
        numbers,
        numbers,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        (w, a, b, n, m) => {
          const start = tensors(w)
          const updates = [
            { delta: difference(tensors(a), start), weight: n / (n + m) },
            { delta: difference(tensors(b), start), weight: m / (n + m) },
          ]
          const merged = values(fedavg(start, updates, null, plain).tensors)
          for (const [i, value] of merged.entries())
            expect(value).toBeCloseTo((n * a[i] + m * b[i]) / (n + m), 4)
        },
      ),
    )
  })

  it('repeats bit for bit', () => {
    const start = tensors([0.1, 0.2])
    const updates = [0.3, 0.7].map((weight) => ({ delta: tensors([weight / 3, -weight / 7]), weight }))
    expect(fedavg(start, updates, null, plain)).toEqual(fedavg(start, updates, null, plain))
  })

  it('keeps a share of its velocity', () => {
    const server = { rate: 1, momentum: 0.5 }
    const update = [{ delta: tensors([1]), weight: 1 }]
    const first = fedavg(tensors([0]), update, null, server)
    const second = fedavg(first.tensors, update, first.velocity, server)
    expect([values(first.tensors), values(second.tensors)]).toEqual([[1], [2.5]])
  })

  it('refuses to return what is not finite', () => {
    expect(() => fedavg(tensors([3e38]), [{ delta: tensors([3e38]), weight: 1 }], null, plain)).toThrow(
      RangeError,
    )
  })
})

describe('an update is foreign', () => {
  const current = tensors([1, 2])
  it.each([
    ['NaN', tensors([1, Number.NaN]), 4, /diverged/],
    ['infinity', tensors([Number.POSITIVE_INFINITY, 1]), 4, /Infinity/],
    ['a wrong shape', tensors([1, 2, 3]), 4, /shape/],
    ['a missing tensor', new Map(), 4, /missing/],
    [
      'an unknown tensor',
      new Map([...tensors([1, 2]), ['x', { shape: [1], data: new Float32Array(1) }]]),
      4,
      /does not have/,
    ],
    ['no examples', tensors([1, 2]), 0, /0 examples/],
    ['absurdly many examples', tensors([1, 2]), 1e12, /examples/],
  ])('with %s it is refused with a reason', (_, delta, examples, reason) => {
    expect(updateComplaint(current, delta, examples)).toMatch(reason)
  })

  it('and accepted where it fits', () => expect(updateComplaint(current, tensors([0, 0]), 4)).toBeNull())
})
