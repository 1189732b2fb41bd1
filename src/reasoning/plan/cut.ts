/**
 * Where to cut a model in two: the first layers at the device, the others at an edge. The bytes that cross are the same at every
 * boundary, so the cut follows from how fast both are and what the way costs. No layer at the device: it embeds the words and
 * nothing more; all of them: nobody else is asked.
 */

export interface CutMeasures {
  readonly layers: number
  readonly deviceMsPerLayer: number
  readonly edgeMsPerLayer: number
  /** One row there and back, apart from computing. */
  readonly travelMs: number
  /** The device may hold so many. */
  readonly mostAtDevice: number
  readonly mostAtEdge: number
}

/** Of one token with this many layers at the device. */
export const cutMs = (
  { layers, deviceMsPerLayer, edgeMsPerLayer, travelMs }: CutMeasures,
  cut: number,
): number => cut * deviceMsPerLayer + (cut < layers ? travelMs + (layers - cut) * edgeMsPerLayer : 0)

/** Whether both may hold what they would have to. */
export const mayBeCut = ({ layers, mostAtDevice, mostAtEdge }: CutMeasures, cut: number): boolean =>
  cut <= mostAtDevice && layers - cut <= mostAtEdge

/** The fastest cut; of equal ones that which keeps most at the device. Null where both together may not hold the layers. */
export function bestCut(measures: CutMeasures): number | null {
  const { layers, mostAtDevice, mostAtEdge } = measures
  let best: number | null = null
  for (let cut = Math.min(layers, mostAtDevice); cut >= Math.max(0, layers - mostAtEdge); cut--)
    if (best === null || cutMs(measures, cut) < cutMs(measures, best)) best = cut
  return best
}
