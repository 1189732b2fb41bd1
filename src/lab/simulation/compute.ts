/**
 * A simulated device's engine: what it computes a trainer computes (`training/`), how long that takes is drawn. Training
 * begins for real when the virtual job begins and is waited for when it ends, so that several devices train at once and no
 * result depends on which was ready first. What a node would measure for its page is left to the Lab, which measures every
 * adapter on the same text: here there is nothing to measure on.
 */
import { deferred } from '../../lib/async'
import type { VirtualClock } from '../../network/time/virtual-clock'
import type { Compute, TrainRequest, TrainResult } from '../../training/compute'
import type { Sessions } from '../../training/session'
import { Stopped } from '../../training/train'
import type { Trainer } from '../training/trainer'

const silent = async (): Promise<never> => {
  throw new Error('This device does not speak.')
}

/** The sessions of who trains and is never asked for a text. */
export const speechless: Sessions = {
  facts: silent,
  arithmetic: silent,
  encode: silent,
  decode: silent,
  openSession: silent,
  pass: silent,
  chooseFrom: silent,
  closeSession: async () => {},
}

export interface ComputeParts {
  readonly clock: Pick<VirtualClock, 'after' | 'holds'>
  readonly trainer: Trainer
  readonly device: number
  /** How long this device's nth job takes, of so many steps; `batch` null: of the usual rows each. */
  jobMs(nth: number, steps: number, batch: number | null): number
}

export function simulatedCompute({ clock, trainer, device, jobMs }: ComputeParts): Compute {
  let jobs = 0
  let stop = () => {}

  /** Gives back what is being computed once so much virtual time has passed, or fails when it is stopped before. */
  function after<Result>(milliseconds: number, computed: Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = deferred<Result>()
    computed.catch(() => {}) // nobody may be waiting for it any more when it fails
    const cancel = clock.after(milliseconds, () => void clock.holds(computed).then(resolve, reject))
    stop = () => {
      cancel()
      reject(new Stopped())
    }
    return promise
  }

  return {
    open: async () => trainer.opened,
    async hold(shelf, examples) {
      return shelf === 'train' || shelf === 'heldOut' || shelf === 'rehearsal' || shelf === 'audit'
        ? clock.holds(trainer.hold(device, shelf, examples))
        : { examples: examples.length, rows: examples.length, tokens: 0 }
    },
    async train({ shelf: _, rehearsal, ...job }: TrainRequest, onProgress): Promise<TrainResult> {
      const { steps, batch } = job
      const milliseconds = jobMs(++jobs, steps, batch)
      const trained = await after(
        milliseconds,
        trainer.train(device, { ...job, rehearses: rehearsal?.weight }),
      )
      const seconds = milliseconds / 1000
      onProgress?.({ step: steps, steps, loss: trained.loss, tokensPerSecond: trained.tokens / seconds })
      return { ...trained, seconds }
    },
    async evaluate(adapter, shelf) {
      // A person's own curiosity takes no time of the room.
      if (shelf === 'audit') return clock.holds(trainer.fit(device, adapter, shelf))
      if (shelf !== 'train' && shelf !== 'heldOut') return { loss: 0, tokens: 0 }
      return after(jobMs(++jobs, 1, null), trainer.fit(device, adapter, shelf))
    },
    answer: async () => [],
    sessions: speechless,
    async stop() {
      stop()
    },
  }
}
