/** What this tab measures itself of a round: its adapters on held-out text that it can rebuild, and on facts. */
import type { Probe } from '../../corpora/example'
import { generalText, isBase } from '../../corpora/pretraining'
import { isPersonal } from '../../federation/compatibility'
import { federatingOf } from '../../settings/derived/merging'
import type { Settings } from '../../settings/table'
import type { Compute } from '../../training/compute'
import { sharesOf } from '../local/shares'
import type { GeneralLoss } from '../roundRecord'
import type { MeasuredPart, PartMeasured } from './record'

const generalShelf = 'general'

interface Prepared extends Pick<PartMeasured, 'base'> {
  readonly probes: readonly Probe[]
  readonly isEmpty: boolean
}

export class PartMeasurements {
  /** What each part's shelf holds, and what the base makes of it. */
  readonly #shelves = new Map<string, Pick<PartMeasured, 'base'> & { readonly pool: string }>()

  #baseGeneral: number | null = null

  /** @param shelf the compute worker's, which holds this part's text from now on */
  async measure(
    compute: Compute,
    settings: Settings,
    part: MeasuredPart,
    shelf: string,
  ): Promise<PartMeasured> {
    const { probes, isEmpty, base } = await this.#prepare(compute, settings, shelf, part)
    const isOwn = isPersonal(federatingOf(settings).rule)
    const of = (phrasing: Probe['phrasing']) => probes.filter((probe) => probe.phrasing === phrasing).length
    return {
      base,
      sharedBy: Math.max(1, part.pool.length),
      general: isOwn ? null : await this.#general(compute, settings, part.adapter),
      probes: of('trained'),
      unseenProbes: of('unseen'),
      merged: isEmpty || isOwn ? null : await compute.evaluate(part.adapter, shelf),
      recall: isOwn ? null : await recallOf(compute, part.adapter, probes, 'trained'),
      unseen: isOwn ? null : await recallOf(compute, part.adapter, probes, 'unseen'),
    }
  }

  /** What an adapter makes of the base's own world; the base itself is measured once. */
  async #general(compute: Compute, { model }: Settings, adapter: Uint8Array): Promise<GeneralLoss | null> {
    if (!isBase(model)) return null
    if (this.#baseGeneral === null) {
      await compute.hold(generalShelf, generalText(model))
      this.#baseGeneral = (await compute.evaluate(null, generalShelf)).loss
    }
    return { merged: (await compute.evaluate(adapter, generalShelf)).loss, base: this.#baseGeneral }
  }

  /** Puts the text on its shelf and measures the base on it; both again only when the pool has changed. */
  async #prepare(
    compute: Compute,
    settings: Settings,
    shelf: string,
    { pool }: MeasuredPart,
  ): Promise<Prepared> {
    const shares = sharesOf(settings, pool).map(({ share }) => share)
    const probes = shares.flatMap((share) => share.probes)
    const isEmpty = shares.length === 0
    const key = JSON.stringify(pool)
    const known = this.#shelves.get(shelf)
    if (known?.pool === key) return { probes, isEmpty, base: known.base }
    const heldOut = shares.flatMap((share) => share.heldOut)
    if (!isEmpty) await compute.hold(shelf, heldOut)
    const base = {
      loss: isEmpty ? null : await compute.evaluate(null, shelf),
      recall: await recallOf(compute, null, probes, 'trained'),
    }
    this.#shelves.set(shelf, { pool: key, base })
    return { probes, isEmpty, base }
  }
}

/** Share of the probes of one kind that are answered rightly; null where there are none. */
export async function recallOf(
  compute: Compute,
  adapter: Uint8Array | null,
  probes: readonly Probe[],
  phrasing: Probe['phrasing'],
): Promise<number | null> {
  const asked = probes.filter((probe) => probe.phrasing === phrasing)
  if (asked.length === 0) return null
  const answers = await compute.answer(adapter, asked)
  return answers.filter(({ right }) => right).length / asked.length
}
