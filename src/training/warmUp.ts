/**
 * A GPU compiles its programs when they first run, which takes seconds. One training step on nonsense at the start, with
 * a learning rate of zero, moves those seconds to where the page can say what it waits for.
 */
import type { Adapter } from '../model/adapter'
import type { Gpt2 } from '../model/gpt2'
import { sequentialBatches } from './batches'
import { train } from './train'

export async function warmUp(model: Gpt2, adapter: Adapter): Promise<void> {
  const time = 16
  const row = { tokens: new Array<number>(time + 1).fill(0), countFrom: 1 }
  await train({ model, adapter, batches: sequentialBatches([row], 2, time), steps: 1, learningRate: 0 })
}
