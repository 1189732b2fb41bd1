/**
 * Updates as they arrive: held against what their devices were told to do, and handed to where merging is done, which decodes
 * and keeps them. What is known here of each device is how its last training went.
 */
import { manifestComplaint } from '../../federation/aggregation/check'
import type { AdapterName, DeviceKey } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import { atRank } from '../../model/adapter'
import type { OpenedModel } from '../../training/compute'
import type { ArrivedUpdate, Merging } from '../merging/merging'
import type { MergingTerms } from '../merging/terms'
import type { Forward, Update } from '../wire/messages'
import type { Manifest } from '../wire/parts'

export interface Trained {
  /** Null: it is private. */
  readonly loss: number | null
  readonly examples: number
}

interface Ordered {
  readonly from: AdapterName
  readonly rank: number
}

export class Updates {
  readonly #merging: Merging
  readonly #terms: () => MergingTerms
  readonly #expected: () => Manifest
  readonly #ordered = new Map<string, Ordered>()
  readonly #last = new Map<DeviceKey, Trained>()

  /** @param expected what the room has agreed on */
  constructor(merging: Merging, terms: () => MergingTerms, expected: () => Manifest) {
    this.#merging = merging
    this.#terms = terms
    this.#expected = expected
  }

  /** A device was told to start from this version, at this rank. */
  ordered(device: DeviceKey, round: number, { adapter, version }: AdapterName, rank: number): void {
    this.#ordered.set(place(device, round), { from: { adapter, version }, rank })
  }

  /** Keeps it, or says why not, in words for the teacher. */
  async take(device: DeviceKey, message: Update | Forward, bytes: Uint8Array | null): Promise<string | null> {
    const { loss, manifest, type, hash } = message
    if (!bytes) return 'it is NaN or infinite: training diverged on that device (try a smaller learning rate)'
    const ordered = this.#ordered.get(place(device, message.round))
    if (!ordered) return 'nobody here asked for it'
    const { config, ...expected } = manifestOf(this.#expected())
    const complaint = manifestComplaint(
      { ...expected, config: atRank(config, ordered.rank) },
      manifestOf(manifest),
    )
    if (complaint) return complaint
    const form = type === 'forward' ? 'forward' : 'change'
    return this.#keep(device, ordered, { ...message, loss, form, hash }, bytes)
  }

  /** What this tab itself has trained: the factors that it ended at. */
  async takeOwn(
    device: DeviceKey,
    trained: Trained & { readonly round: number },
    bytes: Uint8Array,
  ): Promise<string | null> {
    const ordered = this.#ordered.get(place(device, trained.round))
    if (!ordered) return 'nobody here asked for it'
    if (trained.loss !== null && !Number.isFinite(trained.loss)) return 'its loss is no number'
    return this.#keep(device, ordered, { ...trained, form: 'end', hash: null }, bytes)
  }

  async #keep(
    device: DeviceKey,
    { from, rank }: Ordered,
    trained: Trained & Pick<ArrivedUpdate, 'round' | 'form' | 'hash'>,
    bytes: Uint8Array,
  ): Promise<string | null> {
    const { round, examples, loss, form, hash } = trained
    const update = { device, round, from, rank, examples, hash, form }
    const complaint = await this.#merging.take(this.#terms(), update, bytes).catch(messageOf)
    if (complaint === null) this.#last.set(device, { loss, examples })
    return complaint
  }

  /** Its change came otherwise than by `take`. */
  heard(device: DeviceKey, trained: Trained): void {
    this.#last.set(device, trained)
  }

  /** It will not be merged, or has been. */
  forget(device: DeviceKey, round: number): void {
    this.#ordered.delete(place(device, round))
    this.#merging.forget(device, round).catch(() => {})
  }

  /** How the last training of each of these devices went, of those that have sent any. */
  latest(devices: readonly DeviceKey[]): ReadonlyMap<DeviceKey, Trained> {
    return new Map([...this.#last].filter(([device]) => devices.includes(device)))
  }
}

const place = (device: DeviceKey, round: number): string => `${round} ${device}`

/** What this room's updates say of themselves. */
export const manifestFor = (
  { modelHash, adapter: { rank, alpha, targets } }: Pick<OpenedModel, 'modelHash' | 'adapter'>,
  dtype: string,
): Manifest => ({ baseHash: modelHash, rank, alpha, targets: [...targets], dtype })

const manifestOf = ({ baseHash, dtype, ...config }: Manifest) => ({ baseHash, dtype, config })
