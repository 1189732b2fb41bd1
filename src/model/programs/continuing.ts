/**
 * One step of a text that goes on by itself: the token that the step before chose is read, and the next one chosen, without leaving
 * the machine. So steps are started one after the other without waiting, and what they chose is read for several at once, from a
 * trail. Every number is the one that `decoding.ts` gives for the same token.
 *
 * States: those of `decoding.ts`; `chosen` [1] int32, the token to be read, then the one that was chosen; `trail` [trailLength, 3]
 * (kernels/choosing/chooseToken.ts). Inputs: `positionIds` [1]; `spans` [slots, 2]; `rowIndex` [1], 0; `draws` [1, 4].
 */
import { chooseToken } from '../../kernels/choosing/chooseToken'
import { type Program, ProgramBuilder } from '../../kernels/program'
import type { AdapterLayout } from '../lora'
import type { Span } from '../stretch'
import { type CacheShape, throughLayers } from './decoding'
import { countedRows, embedded, logitsOf } from './forward'
import { type ModelShape, modelValues } from './values'

export interface ContinuingShape extends CacheShape {
  readonly layers: Span
}

/** Steps whose choices are read at once. */
export const trailLength = 8

/** Readings of a trail that are under way at once. */
export const mostReadings = 2

export function continuingProgram(
  shape: ModelShape,
  { layers, ...caches }: ContinuingShape,
  layout: AdapterLayout | null,
): Program {
  const p = new ProgramBuilder()
  const model = modelValues(p, shape, layout && { layout, learns: { a: false, b: false } })
  const { vocabulary } = model.config
  const chosen = p.state('chosen', [1], 'int32')
  const y = throughLayers(p, model, embedded(p, model, 1, chosen), { layers, ...caches })
  const logits = logitsOf(p, model, countedRows(p, model, y, 1))
  const draws = p.input('draws', [1, 4], 'int32')
  const trail = p.state('trail', [trailLength, 3])
  chooseToken(p, { logits, draws, trail }, { vocabulary }, { ids: chosen })
  return p.build('continuing', { exact: true, mostUnderWay: mostReadings * trailLength })
}
