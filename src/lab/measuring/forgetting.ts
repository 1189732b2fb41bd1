/**
 * A device of an experiment that wants to be forgotten after so many rounds, and what comes of it: what the room has to do, and
 * what the model made of that device's text before and makes of it afterwards. After round 0 it never takes part, and what the
 * others learn then is what training again without it would come to: the yardstick.
 */
import type { Unlearned } from '../../federation/unlearning/wish'
import type { SimulatedRoom } from '../simulation/room'
import type { Trainer } from '../training/trainer'

export interface Forget {
  readonly device: number
  readonly afterRound: number
}

export interface ForgottenDevice extends Forget {
  readonly unlearned: Unlearned
  /** Of the shared adapter on the text that this device trained on, nats per token; null: there was no adapter yet. */
  readonly loss: { readonly before: number | null; readonly after: number }
}

export interface ForgetWatch {
  /** Nobody waits to be forgotten any more. */
  isDone(): boolean
  outcome(): Promise<ForgottenDevice | null>
}

/** `DEVICE@ROUND`; null: nobody. */
export function forgetIn(wish: string | null): Forget | null {
  if (wish === null) return null
  const [device, afterRound] = wish.split('@').map(Number)
  return { device, afterRound }
}

/** @throws RangeError where there is no such device */
export function watchForgetting(room: SimulatedRoom, trainer: Trainer, forget: Forget | null): ForgetWatch {
  const { coordinator, draws } = room
  if (!forget || !coordinator) return { isDone: () => true, outcome: async () => null }
  const { device } = forget
  // After the last at the latest.
  const afterRound = Math.min(forget.afterRound, coordinator.store.getState().settings.rounds)
  const key = draws.keys[device]
  if (key === undefined)
    throw new RangeError(
      `There is no device ${device} to forget: they are counted from 0 to ${draws.keys.length - 1}.`,
    )
  let before: Uint8Array | null = null
  let isAsked = false
  const ask = () => {
    if (isAsked || coordinator.store.getState().history.length < afterRound) return
    isAsked = true
    before = coordinator.adapter()
    coordinator.forget(key)
  }
  ask()
  coordinator.store.subscribe(ask)
  const certificate = () => coordinator.store.getState().certificates.at(0)
  const lossOf = async (adapter: Uint8Array | null) => (await trainer.fit(device, adapter, 'train')).loss
  return {
    isDone: () => certificate() !== undefined,
    async outcome() {
      const made = certificate()
      if (!made) return null
      const loss = {
        before: afterRound > 0 ? await lossOf(before) : null,
        after: await lossOf(coordinator.adapter()),
      }
      return { ...forget, unlearned: made.unlearned, loss }
    },
  }
}
