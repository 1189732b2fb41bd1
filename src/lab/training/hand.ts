/**
 * One pair of hands: the real engine with all devices' text, in a thread of its own or in this one. What exact
 * aggregations have folded into the base it folds into weights of its own, so that training sees it frozen.
 */
import { sha256Hex } from '../../lib/hash'
import type { AdapterConfig } from '../../model/adapter'
import type { LanguageModel } from '../../model/languageModel'
import { decodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { BackendChoice, Compute, OpenedModel } from '../../training/compute'
import { createEngine } from '../../training/engine'
import type { LabCorpus } from '../presets'
import { heldOutOf, shareOfDevice } from './texts'

export interface HandSettings {
  /** As the workshop names it: a directory in Node, `toy` in a page. */
  readonly model: string
  readonly backend: BackendChoice
  readonly corpus: LabCorpus
  readonly devices: number
  readonly seed: number
  readonly rank: number
  readonly alpha: number
  readonly targets: readonly string[]
  readonly batch: number
  readonly learningRate: number
}

export type Text = { readonly group: number } | { readonly device: number } | 'all'

export interface HandJob {
  /** Null: the text of all devices, in batches as large as all of theirs together. */
  readonly device: number | null
  /** Canonical bytes; null: the initial adapter. */
  readonly adapter: Uint8Array | null
  readonly folded: Uint8Array | null
  /** Of that adapter: its rank may be the device's own. */
  readonly config: AdapterConfig
  readonly steps: number
  readonly seed: number
  readonly learns: { readonly a: boolean; readonly b: boolean }
  /** mu of FedProx. */
  readonly proximal: number
  /** Null: the usual one. */
  readonly batch: number | null
}

/** Where a hand finds its models: Node reads directories, a page asks its server. */
export interface Workshop {
  /** The base as it is; asked for once or twice. */
  plain(settings: HandSettings): Promise<LanguageModel>
  /** The base with this added to its weights, for this hand alone. */
  folded(settings: HandSettings, folded: TensorMap): Promise<LanguageModel>
}

export interface Employed {
  readonly hand: Hand
  close(): Promise<unknown>
}

export interface OpenedHand {
  readonly initialAdapter: Uint8Array
  readonly config: AdapterConfig
}

export interface Hand {
  open(settings: HandSettings): Promise<OpenedHand>
  train(job: HandJob): Promise<{ readonly adapter: Uint8Array; readonly loss: number }>
  /** Loss on a group's held-out text, or on the text that a device trains on. */
  evaluate(adapter: Uint8Array | null, folded: Uint8Array | null, text: Exclude<Text, 'all'>): Promise<number>
}

/** Bases that are kept open, the plain one among them. */
const mostBases = 3

interface Base {
  /** Null: the base as it is, which other hands share. */
  readonly own: LanguageModel | null
  /** One for each rank. */
  readonly benches: Map<number, Bench>
}

interface Bench {
  readonly compute: Compute
  /** Shelves that have been filled. */
  readonly held: Set<string>
  readonly opened: OpenedModel
}

export function createHand(workshop: Workshop): Hand {
  let settings: HandSettings
  const bases = new Map<string, Base>()

  /** With this folded in; null: as it is. */
  async function baseOf(folded: Uint8Array | null): Promise<Base> {
    const key = folded ? sha256Hex(folded) : 'base'
    const known = bases.get(key)
    if (known) return known
    const own = folded && (await workshop.folded(settings, decodeSafetensors(folded).tensors))
    const base = { own, benches: new Map<number, Bench>() }
    bases.set(key, base)
    for (const [old, { own: unused }] of bases) {
      if (bases.size <= mostBases || !unused) continue
      unused.dispose()
      bases.delete(old)
    }
    return base
  }

  /** An engine over the base for adapters of this rank. */
  async function benchOf(
    folded: Uint8Array | null,
    { rank, alpha }: Pick<AdapterConfig, 'rank' | 'alpha'> = settings,
  ): Promise<Bench> {
    const { own, benches } = await baseOf(folded)
    const known = benches.get(rank)
    if (known) return known
    const compute = createEngine({ load: async () => own ?? workshop.plain(settings) })
    const { model, backend, targets, seed } = settings
    const opened = await compute.open({ model, backend, adapter: { rank, alpha, targets }, seed })
    const bench = { compute, held: new Set<string>(), opened }
    benches.set(rank, bench)
    return bench
  }

  /** Text goes in once for each engine, when it is first asked for. */
  async function shelfOf({ compute, held }: Bench, text: Text): Promise<string> {
    const { corpus, seed, devices } = settings
    const all = Array.from({ length: devices }, (_, device) => device)
    const shelf = JSON.stringify(text)
    if (held.has(shelf)) return shelf
    const examples =
      text === 'all'
        ? all.flatMap((device) => shareOfDevice(corpus, seed, device).train)
        : 'device' in text
          ? shareOfDevice(corpus, seed, text.device).train
          : heldOutOf(corpus, seed, devices, text.group)
    await compute.hold(shelf, examples)
    held.add(shelf)
    return shelf
  }

  return {
    async open(wanted) {
      settings = wanted
      const { initialAdapter, adapter } = (await benchOf(null)).opened
      return { initialAdapter, config: adapter }
    },
    async train({ device, adapter, folded, config, steps, seed, learns, proximal, batch: own }) {
      const bench = await benchOf(folded, config)
      const shelf = await shelfOf(bench, device === null ? 'all' : { device })
      const { learningRate, devices } = settings
      const batch = own ?? settings.batch
      const { initialAdapter } = bench.opened
      const trained = await bench.compute.train({
        ...{ adapter: adapter ?? initialAdapter, shelf, steps, learningRate, seed, learns, proximal },
        ...{ batch: device === null ? batch * devices : batch, continueAs: null, slow: 1 },
      })
      return { adapter: trained.adapter, loss: trained.loss }
    },
    async evaluate(adapter, folded, text) {
      const bench = await benchOf(folded)
      return (await bench.compute.evaluate(adapter, await shelfOf(bench, text))).loss
    },
  }
}
