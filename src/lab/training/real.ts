/**
 * The real engine as the Lab's trainer: jobs of many devices shared out among a few hands, in Node each in a thread of its
 * own (`threads.ts`). What a job computes depends on its input alone, so it does not matter which hand does it, or when.
 */
import { globalOf } from '../../federation/aggregation/global/fold'
import type { GlobalAdapter } from '../../federation/aggregation/types'
import { random } from '../../lib/rng'
import { decodeAdapter, encodeAdapter } from '../../model/adapter'
import { encodeSafetensors } from '../../model/safetensors'
import type { Employed, Hand, HandJob, HandSettings, Text } from './hand'
import { groupOf, shareOfDevice } from './texts'
import type { Trainer } from './trainer'

const both = { a: true, b: true }

/** @param crew they are closed with the trainer */
export async function realTrainer(settings: HandSettings, crew: readonly Employed[]): Promise<Trainer> {
  const { corpus, devices, seed } = settings
  const [{ initialAdapter, config }] = await Promise.all(crew.map(({ hand }) => hand.open(settings)))
  const share = sharedOut(crew.map(({ hand }) => hand))
  const groups = Array.from({ length: devices }, (_, device) => groupOf(corpus, device))
  const known = new WeakMap<GlobalAdapter, Map<string, Promise<number>>>()

  const foldedOf = ({ folded }: GlobalAdapter) => (folded.size > 0 ? encodeSafetensors(folded) : null)
  const measure = (adapter: GlobalAdapter | null, text: Exclude<Text, 'all'>): Promise<number> =>
    share((hand) =>
      hand.evaluate(adapter && encodeAdapter(adapter.adapter), adapter && foldedOf(adapter), text),
    )
  /** Devices that hold the same adapter and belong to the same group need one measurement. */
  function lossOf(adapter: GlobalAdapter | null, group: number): Promise<number> {
    if (!adapter) return measure(null, { group })
    const losses = known.get(adapter) ?? new Map<string, Promise<number>>()
    known.set(adapter, losses)
    const loss = losses.get(`${group}`) ?? measure(adapter, { group })
    losses.set(`${group}`, loss)
    return loss
  }
  const all = Array.from({ length: devices }, (_, device) => device)
  /** From the beginning, by the usual settings. */
  const yardstick = (device: number | null, steps: number, order: number): HandJob => ({
    ...{ device, adapter: null, folded: null, config, steps, seed: order },
    ...{ learns: both, proximal: 0, batch: null },
  })

  const trainer: Trainer = {
    initial: globalOf(decodeAdapter(initialAdapter, config)),
    examplesOf: (device) => shareOfDevice(corpus, seed, device).train.length,
    async train({ device, start, steps, seed: order, proximal, learns, batch }) {
      const { adapter, loss } = await share((hand) =>
        hand.train({
          ...{ device, adapter: encodeAdapter(start.adapter), folded: foldedOf(start) },
          ...{ steps, seed: order, learns, proximal, batch, config: start.adapter.config },
        }),
      )
      return { end: decodeAdapter(adapter, start.adapter.config).tensors, loss }
    },
    fit: (device, adapter) => measure(adapter, { device }),
    async evaluate(holdings) {
      const losses = await Promise.all(
        holdings.flatMap(({ adapter, devices: own }) => own.map((device) => lossOf(adapter, groups[device]))),
      )
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    },
    async alone(steps) {
      const losses = await Promise.all(
        all.map(async (device) => {
          const order = random(seed, 'alone', device).int(2 ** 31)
          const { adapter } = await share((hand) => hand.train(yardstick(device, steps, order)))
          return share((hand) => hand.evaluate(adapter, null, { group: groups[device] }))
        }),
      )
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    },
    async centralised(steps) {
      const order = random(seed, 'centralised').int(2 ** 31)
      const { adapter } = await share((hand) => hand.train(yardstick(null, steps, order)))
      return trainer.evaluate([{ adapter: globalOf(decodeAdapter(adapter, config)), devices: all }])
    },
    async close() {
      await Promise.all(crew.map((one) => one.close()))
    },
  }
  return trainer
}

/** Work goes to the hand that is free first, in the order in which it is asked for. */
function sharedOut(hands: readonly Hand[]) {
  const free = [...hands]
  const waiting: ((hand: Hand) => void)[] = []
  return async <Result>(work: (hand: Hand) => Promise<Result>): Promise<Result> => {
    const hand = free.pop() ?? (await new Promise<Hand>((take) => waiting.push(take)))
    try {
      return await work(hand)
    } finally {
      const next = waiting.shift()
      if (next) next(hand)
      else free.push(hand)
    }
  }
}
