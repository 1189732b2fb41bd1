/**
 * Programs that read without learning. `evaluationProgram` gives the loss of each counted row, `logitsProgram` the logits
 * of the counted rows: probes, and tests against other implementations. Both take a model with or without an adapter.
 */
import { type Program, ProgramBuilder } from '../../kernels/program'
import type { AdapterLayout } from '../lora'
import { countedRows, forward, headLoss, logitsOf, type SequenceShape } from './forward'
import { type ModelShape, modelValues } from './values'

const nothingLearns = { a: false, b: false }

/** Result `losses` [counted], in nats. */
export function evaluationProgram(
  shape: ModelShape,
  sequences: SequenceShape,
  layout: AdapterLayout | null,
): Program {
  const p = new ProgramBuilder()
  const model = modelValues(p, shape, layout && { layout, learns: nothingLearns })
  const hidden = countedRows(p, model, forward(p, model, sequences).y, sequences.counted)
  p.result('losses', headLoss(p, model, hidden, false).losses)
  return p.build(`evaluation ${sequences.batch}x${sequences.time}`)
}

/** Result `logits` [counted, vocabulary]. */
export function logitsProgram(
  shape: ModelShape,
  sequences: SequenceShape,
  layout: AdapterLayout | null,
): Program {
  const p = new ProgramBuilder()
  const model = modelValues(p, shape, layout && { layout, learns: nothingLearns })
  const x = countedRows(p, model, forward(p, model, sequences).y, sequences.counted)
  p.result('logits', logitsOf(p, model, x))
  return p.build(`logits ${sequences.batch}x${sequences.time}`)
}
