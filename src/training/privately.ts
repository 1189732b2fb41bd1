/**
 * Training in which each row of text is hidden (DP-SGD, Abadi et al., arXiv 1607.00133, with Adam in the place of plain descent: what
 * is done to a gradient that is hidden already tells no more). In each step a row takes part by a coin of its own (Poisson sampling); the
 * gradient of each is computed alone, a batch of one row, and shortened to the clip; noise is added to their sum; and that, over as
 * many rows as take part on average, is the gradient of the step. So it costs one run of the machine a row, and is the same on every machine.
 *
 * What is protected is a row: an example of ordinary length, or a piece of a long one. Which texts are trained on does not change anything
 * beyond their rows: no batch is filled up, and the number of steps is given.
 */
import { bytesFrom, gaussians, type RandomBytes, uniform } from '../lib/unguessable'
import { type AdapterLayout, flatten, unflatten } from '../model/lora'
import type { Workspace } from '../model/workspace'
import type { StepPrivacy } from './compute'
import { gradientOf } from './gradient'
import { breathe } from './pace'
import { countedTokens, type Row } from './rows'
import { Diverged, Stopped, scheduleOf, type Trained, type Training } from './train'

export interface PrivateTraining extends Omit<Training, 'batches' | 'onCheckpoint' | 'slow'> {
  readonly rows: readonly Row[]
  readonly privacy: StepPrivacy
}

export const trainPrivately = (training: PrivateTraining): Promise<Trained> =>
  training.model.use(training.adapter.config, (workspace) => trainIn(workspace, training))

async function trainIn(workspace: Workspace, training: PrivateTraining): Promise<Trained> {
  const { rows, steps, learningRate, privacy, optimizer, onStep } = training
  const { learns = { a: true, b: true }, proximal = 0, maxGradientNorm = 0 } = training
  const { session } = workspace
  const layout = workspace.layout!
  const { config } = training.adapter
  const zeros = () => new Float32Array(layout.size)
  session.write('parameters', flatten(layout, training.adapter))
  session.write('first', optimizer?.first ?? zeros())
  session.write('second', optimizer?.second ?? zeros())
  session.write('gradient', zeros())
  if (proximal > 0) session.write('anchor', flatten(layout, training.anchor ?? training.adapter))
  const update = await workspace.updating({ proximal: proximal > 0, clips: maxGradientNorm > 0 })

  const randomBytes = bytesFrom(privacy.secret)
  const isLearned = learnedIn(layout, learns)
  const updatesBefore = optimizer?.steps ?? 0
  const began = performance.now()
  const seen = { rows: 0, tokens: 0, loss: 0 }
  for (let step = 0; step < steps; step++) {
    const sum = new Float64Array(layout.size)
    for (const row of drawn(rows, privacy.rate, randomBytes)) {
      await training.free?.()
      if (training.stopped?.()) throw new Stopped()
      const { gradient, loss } = await gradientOf(workspace, training, [row])
      if (!Number.isFinite(loss)) throw new Diverged(step)
      const shortening = Math.min(1, privacy.clip / lengthOf(gradient))
      for (let at = 0; at < sum.length; at++) sum[at] += shortening * gradient[at]
      seen.rows++
      seen.tokens += countedTokens(row)
      seen.loss += loss
      await breathe()
    }
    session.write('gradient', hidden(sum, isLearned, privacy, rows.length, randomBytes))
    const schedule = scheduleOf(updatesBefore + step + 1, learningRate, maxGradientNorm)
    await update.run({ schedule, ...(proximal > 0 && { strength: Float32Array.of(proximal) }) })
    const tokensPerSecond = (1000 * seen.tokens) / (performance.now() - began)
    onStep?.({ step, loss: meanLoss(seen), tokensPerSecond })
  }
  const [parameters, first, second] = await Promise.all(
    ['parameters', 'first', 'second'].map((state) => session.read(state)),
  )
  return {
    adapter: unflatten(layout, config, parameters),
    optimizer: { steps: updatesBefore + steps, first, second },
    rows: seen.rows,
    tokens: seen.tokens,
    seconds: (performance.now() - began) / 1000,
    loss: meanLoss(seen),
  }
}

/** 0 where no coin has fallen on any row yet. */
const meanLoss = ({ rows, loss }: { readonly rows: number; readonly loss: number }): number =>
  rows > 0 ? loss / rows : 0

const drawn = (rows: readonly Row[], rate: number, randomBytes: RandomBytes): readonly Row[] =>
  rate === 1 ? rows : rows.filter(() => uniform(randomBytes) < rate)

function lengthOf(gradient: Float32Array): number {
  let square = 0
  for (const value of gradient) square += value * value
  return Math.sqrt(square)
}

/** The sum under noise, over the rows that take part on average. What is frozen gets none: it would move. */
function hidden(
  sum: Float64Array,
  isLearned: Uint8Array,
  { clip, noise, rate }: StepPrivacy,
  rows: number,
  randomBytes: RandomBytes,
): Float32Array {
  const chance = gaussians(randomBytes)
  return Float32Array.from(sum, (value, at) =>
    isLearned[at] ? (value + noise * clip * chance.next().value) / (rate * rows) : 0,
  )
}

function learnedIn({ size, slots }: AdapterLayout, learns: NonNullable<Training['learns']>): Uint8Array {
  const isLearned = new Uint8Array(size)
  for (const { factor, shape, offset } of slots)
    if (factor === 'lora_A' ? learns.a : learns.b) isLearned.fill(1, offset, offset + shape[0] * shape[1])
  return isLearned
}
