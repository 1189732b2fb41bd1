/**
 * What a device has learned by an order, on its way to whoever merges: as an update that can be read, or under masks, as soon as all
 * have agreed on them, which nothing here waits for. What stands between a change and the wire, where the room promises privacy,
 * stands there in both cases.
 */
import { vectorOf } from '../../federation/compression/vector'
import { sha256Hex } from '../../lib/hash'
import { atRank } from '../../model/adapter'
import type { TensorMap } from '../../model/safetensors'
import type { Settings } from '../../settings/table'
import type { TrainResult } from '../../training/compute'
import { manifestFor } from '../executor/updates'
import type { Workplace } from '../local/workplace'
import type { Order, Update } from '../wire/messages'
import type { Arrivals } from './arrivals'
import type { Auditing } from './auditing'
import type { Discretion, Permit } from './discretion'
import type { Holding, Start } from './holding'
import type { Masking } from './masking'
import type { Reply } from './outbox'

export interface ResultsParts {
  readonly workplace: Workplace
  readonly holding: Holding
  readonly arrivals: Arrivals
  readonly masking: Masking
  readonly discretion: Discretion
  readonly auditing: Auditing
  readonly settings: () => Settings
  /** As the others are told. */
  readonly examples: () => number
  readonly show: (activity: 'sending' | 'waiting') => void
}

export interface Learned {
  readonly order: Order
  readonly start: Start
  /** Null, or numbers that are not finite: training diverged, or nothing was trained. */
  readonly trained: TrainResult | null
  /** Nothing may be learned from its text any more, so nothing was: whoever ordered hears of no examples. */
  readonly isSpent: boolean
  /** Null: the room promises no privacy, or training diverged. */
  readonly permit: Permit | null
  /** Which of its round's batches it was trained on (`masking.ts`). */
  readonly draw: number
}

export type SendResult = (learned: Learned, reply: Reply) => void

export function resultsOf(parts: ResultsParts): SendResult {
  const { workplace, holding, arrivals, masking, discretion, auditing, settings, examples, show } = parts

  function underMasks({ order, start, trained, permit, draw, isSpent }: Learned): void {
    // Of a try that was given up meanwhile.
    const isCurrent = () => arrivals.order() === order
    if (!isCurrent()) return
    show('sending')
    const loss = trained && finite(trained.loss)
    const { hide, within } = hidingBy(permit)
    const vector =
      loss === null
        ? null
        : vectorOf(holding.changeSince(start, trained!.adapter, order.round, workplace.index(), hide))
    const told = {
      examples: isSpent ? 0 : examples(),
      loss: discretion.isOn() ? null : loss,
      within: within(),
    }
    masking.send({ order, isCurrent, vector, draw, ...told })
    show('waiting')
  }

  function updateOf({ order, start, trained, permit, isSpent }: Learned): [Update, Uint8Array | undefined] {
    const { round, version, rank } = order
    const loss = trained && finite(trained.loss)
    const { hide, within } = hidingBy(permit, (change) => auditing.sent(start.bytes, change))
    const bytes =
      loss === null ? null : holding.updateFrom(start, trained!.adapter, round, workplace.index(), hide)
    show('sending')
    const { modelHash, adapter } = workplace.engine()!.opened
    const manifest = manifestFor({ modelHash, adapter: atRank(adapter, rank) }, settings().compression)
    const hash = sha256Hex(bytes ?? new Uint8Array())
    show('waiting')
    const told = {
      examples: isSpent ? 0 : examples(),
      loss: discretion.isOn() ? null : loss,
      hash,
      within: within(),
    }
    return [{ type: 'update', round, version, manifest, ...told }, bytes ?? undefined]
  }

  return (learned, reply) => {
    if (settings().secure) underMasks(learned)
    else reply(...updateOf(learned))
  }
}

/**
 * What stands between a change and the wire, and whether the change stayed within a clip that follows lengths.
 * @param sent hears what leaves where it is hidden: under masks nobody sees it, and shares of noise are no claim of their own
 */
function hidingBy(permit: Permit | null, sent: (change: TensorMap) => void = () => {}) {
  let within: number | null = null
  return {
    hide(change: TensorMap): TensorMap {
      const hidden = permit?.hide(change)
      within = hidden?.within ?? null
      if (hidden) sent(hidden.change)
      return hidden?.change ?? change
    },
    within: () => within,
  }
}

/** A diverged step has no number to show. */
export const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null
