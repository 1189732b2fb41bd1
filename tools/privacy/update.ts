/**
 * What one device's update tells whoever merges it, with and without privacy: its change after one round, added to the base, is
 * asked for its private facts and for which texts it was learned from.
 */
import { shareOf } from '../../src/corpora/share'
import { only } from '../../src/federation/aggregation/global/downlink'
import { float32Difference, moved } from '../../src/federation/aggregation/global/mean'
import { aggregations } from '../../src/federation/aggregation/registry'
import { charged, emptyAccount, noiseOf, standingOf } from '../../src/federation/privacy/budget'
import { lengthOf } from '../../src/federation/privacy/clipping'
import { noised, shareOfNoise } from '../../src/federation/privacy/noise'
import { type Told, toldBy } from '../../src/lab/measuring/membership'
import { bytesFrom } from '../../src/lib/unguessable'
import { decodeAdapter, encodeAdapter } from '../../src/model/adapter'
import { seededIdentities } from '../../src/network/identity/seeded'
import { adapterConfigOf } from '../../src/settings/derived/adapter'
import { privacyOf } from '../../src/settings/derived/privacy'
import type { Settings } from '../../src/settings/table'
import { openHeadless } from '../../src/training/headless'

export interface UpdateTold extends Told {
  /** Claimed of this one update; null: nothing is. */
  readonly epsilon: number | null
  /** Of the change before it was clipped. */
  readonly length: number
  readonly seconds: number
}

export async function oneUpdate(settings: Settings, seed: number): Promise<UpdateTold> {
  const compute = openHeadless()
  const model = `public/models/${settings.model}`
  const opened = await compute.open({ model, backend: 'wasm', adapter: adapterConfigOf(settings), seed })
  const shareAt = (index: number) => shareOf({ corpus: 'facts', partition: { kind: 'iid' }, seed, index })
  const [share, stranger] = [shareAt(0), shareAt(1000)]
  const { rows } = await compute.hold('train', share.train)
  const { randomBytes } = seededIdentities(seed)('update')
  const terms = privacyOf(settings)
  const training = { steps: settings.localSteps, rate: Math.min(1, settings.batch / rows) }
  const noise = terms ? (noiseOf(terms, training) ?? 0) : 0
  const clip = settings.clip ?? 1
  const { rule } = aggregations[settings.aggregation]
  const { adapter, seconds } = await compute.train({
    adapter: opened.initialAdapter,
    shelf: 'train',
    steps: settings.localSteps,
    learningRate: settings.lr,
    batch: settings.batch,
    seed,
    continueAs: null,
    slow: 1,
    learns: rule.learns(1),
    privacy:
      terms?.unit === 'example' ? { clip, noise, rate: training.rate, secret: randomBytes(32) } : undefined,
  })
  const start = decodeAdapter(opened.initialAdapter, opened.adapter)
  const end = decodeAdapter(adapter, opened.adapter)
  const change = float32Difference(only(end.tensors, rule.sends(1)), start.tensors)
  const hides = terms?.unit === 'device'
  const sent = hides
    ? noised(change, clip, shareOfNoise(noise, clip, 1), bytesFrom(randomBytes(32))).delta
    : change
  const seen = encodeAdapter(moved(start, sent))
  const texts = { trained: share.train, others: stranger.train, probes: share.probes }
  const told = await toldBy(compute, seen, texts)
  const account = terms ? charged(emptyAccount, terms, training, noise) : null
  const epsilon = terms && account ? standingOf(account, terms).epsilon : null
  return { ...told, epsilon, length: lengthOf(change), seconds }
}
