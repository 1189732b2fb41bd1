/** Golden values of one fully specified round: 3 clients, 6 x 5, rank 2, weights .5 .3 .2, alpha / rank = 2. */
import { describe, expect, it } from 'vitest'
import { aggregate } from '../aggregate'
import { cosinesOf, endOf, gramOf, nameOfB, normOf, times } from '../algebra/models'
import { truncate } from '../algebra/products'
import { exactModel } from '../global/exact'
import { fedex } from './fedex'
import { fedit } from './fedit'
import { flexlora } from './flexlora'
import { flora } from './flora'
import { denseOf, goldenRound, layer, settings } from './testing'

const { current, updates } = goldenRound()
const exact = exactModel(current, updates, 1)

describe('the golden round', () => {
  it('begins with the same clients', () => {
    const b = updates[0].delta.get(nameOfB(layer))!.data
    const a = updates[2].delta.get(`${layer}.lora_A.weight`)!.data
    expect(b[0]).toBeCloseTo(-0.527088949, 7)
    expect(a[9]).toBeCloseTo(0.866667998, 7)
  })

  it('has this exact average', () => {
    expect(normOf(exact)).toBeCloseTo(3.469331973, 6)
    expect(denseOf(exact).get(layer)!.data[0]).toBeCloseTo(0.032863193, 6)
    const { sigma } = truncate(exact.get(layer)!)
    for (const [place, value] of [2.645194, 2.119193, 0.641775, 0.333733, 0.158068].entries())
      expect(sigma[place]).toBeCloseTo(value, 5)
  })

  it('has these inner products and cosines', () => {
    const gram = gramOf(updates.map((update) => times(endOf(update), 0.5))) // without alpha / rank
    for (const [place, value] of [5.722728, 10.838146, 7.597821].entries())
      expect(gram[place][place]).toBeCloseTo(value, 5)
    const cosines = cosinesOf(gram)
    expect(cosines[0][1]).toBeCloseTo(-0.203172, 5)
    expect(cosines[0][2]).toBeCloseTo(0.286426, 5)
    expect(cosines[1][2]).toBeCloseTo(0.368549, 5)
  })

  it('is distorted by FedIT', () => {
    const { distortion, global } = aggregate(fedit, current, updates, settings)
    expect(distortion!.absolute).toBeCloseTo(2.792194345, 6)
    expect(distortion!.relative).toBeCloseTo(0.804821898, 6)
    expect(normOf(exactModel(global, [], 1))).toBeCloseTo(1.272835446, 6)
  })

  it('leaves FedEx a residual of rank (m - 1) r = 4 and no error', () => {
    const { distortion, residual } = aggregate(fedex, current, updates, settings)
    expect(residual.get(nameOfB(layer))!.shape).toEqual([6, 4])
    expect(distortion!.absolute).toBeLessThan(1e-6)
  })

  it('leaves FLoRA no error', () => {
    expect(aggregate(flora, current, updates, settings).distortion!.absolute).toBeLessThan(1e-6)
  })

  it('is cut by FlexLoRA to rank 2', () => {
    const { distortion, truncationError } = aggregate(flexlora, current, updates, settings)
    expect(truncationError).toBeCloseTo(0.740430843, 6)
    expect(distortion!.absolute).toBeCloseTo(0.740430843, 6)
    expect(distortion!.relative).toBeCloseTo(0.213421733, 6)
  })
})
