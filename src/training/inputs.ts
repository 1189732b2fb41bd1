/**
 * A batch as the inputs of a program. The head reads only rows whose prediction counts, so their places are listed here:
 * `rowIndex` says which row the n-th counted one is, `places` which counted one a row is. Their number is rounded up to a
 * power of two, with weight 0 behind the end, so that few different programs are needed.
 */
import type { Inputs } from '../kernels/machines/machine'
import type { SequenceShape } from '../model/programs/forward'
import type { Batch } from './batches'

export interface BatchInputs {
  readonly shape: SequenceShape
  /** For `evaluationProgram`. */
  readonly reading: Inputs
  /** What `trainingProgram` wants beside them, except its step and schedule. */
  readonly learning: Inputs
}

export function inputsOf({
  batch,
  time,
  ids,
  targets,
  weights: ofRows,
  tokens,
  rehearsed,
}: Batch): BatchInputs {
  const rows = batch * time
  const ownRows = (batch - rehearsed) * time
  const all = ofRows.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0)
  const counted = Math.min(rows, 2 ** Math.ceil(Math.log2(Math.max(16, all))))
  const rowIndex = new Int32Array(counted)
  const countedTargets = new Int32Array(counted)
  const weights = new Float32Array(counted)
  const reported = new Float32Array(counted)
  const places = new Int32Array(rows).fill(-1)
  let place = 0
  for (let row = 0; row < rows; row++) {
    if (ofRows[row] === 0) continue
    rowIndex[place] = row
    countedTargets[place] = targets[row]
    weights[place] = ofRows[row]
    if (row < ownRows) reported[place] = 1 / tokens
    places[row] = place++
  }
  const positionIds = Int32Array.from({ length: rows }, (_, row) => row % time)
  return {
    shape: { batch, time, counted },
    reading: { ids, positionIds, rowIndex, targets: countedTargets, weights },
    learning: { places, reported },
  }
}
