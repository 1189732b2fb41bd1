/**
 * What a device computes in a round: some local steps from the merged adapter, and beside it the yardstick, an adapter of
 * its own that takes as many steps on the same text and never meets the others ("alone").
 */
import type { Share } from '../../corpora/example'
import { isBase, rehearsalText } from '../../corpora/pretraining'
import { random } from '../../lib/rng'
import type { Settings } from '../../settings/table'
import type { TrainProgress, TrainRequest, TrainResult } from '../../training/compute'
import { recallOf } from '../measuring/parts'
import type { Engine } from '../tab/tab'
import type { Order, Report } from '../wire/messages'
import type { PoolRun } from '../wire/parts'
import { membersOf } from '../wire/pool'
import { sharesOf } from './shares'

export interface Training {
  /**
   * Local steps from the merged adapter, each row of text hidden where that is said; null where `interrupt` ended them.
   * @param order with another `draw` other batches are drawn for the same round
   */
  fromMerged(
    adapter: Uint8Array,
    order: Order & { readonly draw?: number },
    onProgress: (progress: TrainProgress) => void,
    privacy?: TrainRequest['privacy'],
  ): Promise<TrainResult | null>
  /** Ends `fromMerged`, if it runs: the room has gone on. */
  interrupt(): void
  /** How fast this device trains batches of its own text, by a few steps whose outcome is thrown away. */
  speed(batch: number): Promise<{ readonly tokensPerSecond: number; readonly tokensPerRow: number }>
  /** As many steps alone, and how far that comes. `merged` is measured too where nobody else can: own text, own model. */
  byItself(order: Order, merged: Uint8Array, isOwn: { text: boolean; model: boolean }): Promise<Report>
  alone(): Uint8Array | null
}

const measuredSteps = 2

export function trainingOf(
  { compute, opened }: Engine,
  settings: () => Settings,
  index: number,
  share: Share,
): Training {
  const { seed } = settings()
  let alone: Uint8Array | null = null
  let running = false
  let poolHeld = ''
  let rehearses = false
  async function common({ steps, batch, learningRate }: Order) {
    const { slow, maxGradientNorm, checkpointing } = settings()
    const rehearsal = await rehearsed()
    return { shelf: 'train', steps, batch, learningRate, slow, maxGradientNorm, checkpointing, rehearsal }
  }

  /** What is read again of the base's world; nothing where nobody wants it, or where that world is not known. */
  async function rehearsed(): Promise<TrainRequest['rehearsal']> {
    const { rehearsal: weight, model, privacy } = settings()
    if (weight === 0 || !isBase(model) || privacy === 'example') return undefined
    if (!rehearses) await compute.hold('rehearsal', rehearsalText(model, seed, index))
    rehearses = true
    return { shelf: 'rehearsal', weight }
  }

  async function holdPool(pool: readonly PoolRun[], shares: readonly Share[]): Promise<void> {
    if (poolHeld === JSON.stringify(pool) || shares.length === 0) return
    await compute.hold(
      'pool',
      shares.flatMap(({ heldOut }) => heldOut),
    )
    poolHeld = JSON.stringify(pool)
  }

  return {
    async fromMerged(adapter, order, onProgress, privacy) {
      running = true
      try {
        const { round, draw = 0 } = order
        const batches = random(seed, 'batches', index, round, ...(draw > 0 ? [draw] : [])).int(2 ** 31)
        return await compute.train(
          {
            ...(await common(order)),
            adapter,
            seed: batches,
            continueAs: null,
            learns: order.learns,
            proximal: order.proximal,
            rank: order.rank,
            privacy,
          },
          onProgress,
        )
      } catch (error) {
        if (error instanceof Error && error.name === 'Stopped') return null
        throw error
      } finally {
        running = false
      }
    },
    interrupt() {
      if (running) void compute.stop()
    },
    async speed(batch) {
      const { slow, checkpointing } = settings()
      const request = {
        adapter: opened.initialAdapter,
        shelf: 'train',
        steps: 1,
        batch,
        learningRate: 1e-6,
        slow,
        checkpointing,
        seed,
        continueAs: null,
      }
      // The first step prepares what all further ones use.
      await compute.train(request)
      const { tokens, seconds, examples } = await compute.train({ ...request, steps: measuredSteps })
      return { tokensPerSecond: tokens / seconds, tokensPerRow: tokens / examples }
    },
    async byItself(order, merged, isOwn) {
      const batches = random(seed, 'alone', index).int(2 ** 31)
      const start = alone ?? opened.initialAdapter
      const request = { ...(await common(order)), adapter: start, seed: batches, continueAs: 'alone' }
      alone = (await compute.train(request)).adapter
      const pool = sharesOf(settings(), membersOf(order.pool))
      const shares = pool.map(({ share }) => share)
      await holdPool(order.pool, shares)
      const others = pool.flatMap(({ member, share }) => (member.index === index ? [] : share.probes))
      const shelf = isOwn.text ? 'heldOut' : 'pool'
      const canMeasure = isOwn.text ? share.heldOut.length > 0 : shares.length > 0
      return {
        type: 'report',
        round: order.edge?.round ?? order.round,
        alone: canMeasure ? await compute.evaluate(alone, shelf) : null,
        aloneRecall: await recallOf(compute, alone, others, 'trained'),
        own:
          (isOwn.text || isOwn.model) && canMeasure
            ? { base: await compute.evaluate(null, shelf), merged: await compute.evaluate(merged, shelf) }
            : null,
      }
    },
    alone: () => alone,
  }
}
