/** What a tab computes with here: a small model of training whose time is drawn, on the tab's own clock. */
import { deferred } from '../../src/lib/async'
import type { Random } from '../../src/lib/rng'
import type { Clock } from '../../src/network/time/clock'
import { towards, toyCompute } from '../../src/node/fixtures/room'
import type { Compute } from '../../src/training/compute'
import { Stopped } from '../../src/training/train'

export function trainingFor(key: string, clock: Clock, dice: Random): Compute {
  const toy = toyCompute(() => towards(key.length + key.charCodeAt(key.length - 1)))
  let stop = () => {}
  const after = async <Result>(milliseconds: number, computed: () => Promise<Result>): Promise<Result> => {
    const { promise, resolve, reject } = deferred<void>()
    const cancel = clock.after(milliseconds, resolve)
    stop = () => {
      cancel()
      reject(new Stopped())
    }
    await promise
    return computed()
  }
  return {
    ...toy,
    train: (request, onProgress) => after(1_000 + dice.int(6_000), () => toy.train(request, onProgress)),
    evaluate: (adapter, shelf) => after(dice.int(200), () => toy.evaluate(adapter, shelf)),
    async stop() {
      stop()
    },
  }
}
