/**
 * What simulated devices train: the real engine (`real.ts`) or a quadratic model of it (`quadratic.ts`, for questions about
 * speed and scale). It computes what a tab's engine would, from the same requests; what that takes on a device is the
 * simulation's to say. Beside it stand the yardsticks, which only the Lab can have: it holds everybody's text.
 */
import type { Example } from '../../corpora/example'
import type { GeneralLoss } from '../../node/roundRecord'
import type { Evaluation, HeldText, OpenedModel, TrainRequest, TrainResult } from '../../training/compute'

/** Who holds which adapter (canonical bytes); null: the frozen base. */
export interface Holding {
  readonly adapter: Uint8Array | null
  readonly devices: readonly number[]
}

export type Shelf = 'train' | 'heldOut' | 'rehearsal' | 'audit'

/** Everything but where the text stands, which follows from the device. */
export interface Job extends Omit<TrainRequest, 'shelf' | 'rehearsal'> {
  /** What public text weighs beside the device's own; not said: it reads none. */
  readonly rehearses?: number
}

export interface Trainer {
  /** As every device's engine says when it is opened. */
  readonly opened: OpenedModel
  /** A device trains on this text from now on, has kept this back, reads this public text again, or looks what an adapter makes of it. */
  hold(device: number, shelf: Shelf, examples: readonly Example[]): Promise<HeldText>
  /** Devices may train at the same time; what comes out depends on the job alone. */
  train(device: number, job: Job): Promise<TrainResult>
  /** On the text that a device trains on, has kept back, or looks at. */
  fit(device: number, adapter: Uint8Array | null, shelf: 'train' | 'heldOut' | 'audit'): Promise<Evaluation>
  /** Mean over the devices of the held-out loss that each has with its adapter. */
  evaluate(holdings: readonly Holding[]): Promise<number>
  /** How often the held adapters give the answer of a backdoor, which liars have put there; null where none speaks. */
  fires(holdings: readonly Holding[]): Promise<number | null>
  /** What the held adapters and the base make of the base's own world; null where that is not known. */
  general(holdings: readonly Holding[]): Promise<GeneralLoss | null>
  /** Yardsticks: each device by itself, and all text together; both see as many tokens as the federation. */
  alone(steps: number): Promise<number>
  centralised(steps: number): Promise<number>
  close(): Promise<void>
}
