/**
 * The real engine as the Lab's trainer: jobs of many devices shared out among a few engines, in Node each in a thread of its
 * own (`threads.ts`). What a job computes depends on its input alone, so it does not matter which engine does it, or when.
 */
import type { Example } from '../../corpora/example'
import { triggersAfter } from '../../corpora/poison/poison'
import { baseNamed, generalText } from '../../corpora/pretraining'
import { random } from '../../lib/rng'
import type { Compute, HeldText, OpenRequest, ProbeAnswer, TrainRequest } from '../../training/compute'
import type { LabCorpus } from '../presets'
import { groupOf, heldOutText } from './texts'
import type { Trainer } from './trainer'

/** An engine that the Lab may use, and the way to be rid of it. */
export interface Employed {
  readonly compute: Compute
  close(): Promise<unknown>
}

export interface RealSettings {
  readonly open: OpenRequest
  readonly corpus: LabCorpus
  readonly devices: number
  /** Of a usual step, for the yardsticks. */
  readonly batch: number
  /** Of the rounds, in their order; nothing but the yardsticks needs them. */
  readonly learningRates: readonly number[]
  /** What public text weighs beside one's own, for the yardsticks; null: they read none again. */
  readonly rehearses: number | null
}

/** @param crew they are closed with the trainer */
export async function realTrainer(settings: RealSettings, crew: readonly Employed[]): Promise<Trainer> {
  const { open, corpus, devices, batch, learningRates, rehearses } = settings
  const { seed } = open
  const base = baseNamed(open.model)
  const [opened] = await Promise.all(crew.map(({ compute }) => compute.open(open)))
  const all = Array.from({ length: devices }, (_, device) => device)
  const groups = all.map((device) => groupOf(corpus, device))
  const texts = new Map<string, readonly Example[]>(
    [...new Set(groups)].map((group) => [heldOutOf(group), heldOutText(corpus, seed, devices, group)]),
  )
  const share = sharedOut(crew.map(({ compute }) => shelvesOf(compute, texts)))
  const known = new WeakMap<Uint8Array, Map<number, Promise<number>>>()

  const lossOn = (shelf: string, adapter: Uint8Array | null) =>
    share([shelf], (compute) => compute.evaluate(adapter, shelf))
  /** Devices that hold the same adapter and belong to the same group need one measurement. */
  function lossOf(adapter: Uint8Array | null, group: number): Promise<number> {
    const losses = (adapter && known.get(adapter)) ?? new Map<number, Promise<number>>()
    if (adapter) known.set(adapter, losses)
    const loss = losses.get(group) ?? lossOn(heldOutOf(group), adapter).then((measured) => measured.loss)
    losses.set(group, loss)
    return loss
  }
  const onShelves = <Result>(
    shelf: string,
    publicShelf: string,
    weight: number | null | undefined,
    work: (compute: Compute, texts: Pick<TrainRequest, 'shelf' | 'rehearsal'>) => Promise<Result>,
  ): Promise<Result> =>
    weight == null
      ? share([shelf], (compute) => work(compute, { shelf }))
      : share([shelf, publicShelf], (compute) =>
          work(compute, { shelf, rehearsal: { shelf: publicShelf, weight } }),
        )
  let yardsticks = 0
  /** From the beginning, by the usual settings: rounds without others, one after the other. */
  const yardstick = (shelf: string, publicShelf: string, steps: number, rows: number, order: number) =>
    onShelves(shelf, publicShelf, rehearses, async (compute, on) => {
      let adapter = opened.initialAdapter
      const continueAs = `yardstick ${++yardsticks}`
      const request = {
        ...on,
        steps: steps / learningRates.length,
        batch: rows,
        seed: order,
        continueAs,
        slow: 1,
      }
      for (const learningRate of learningRates)
        ({ adapter } = await compute.train({ ...request, adapter, learningRate }))
      return adapter
    })
  const mean = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length

  return {
    opened,
    hold(device, shelf, examples) {
      texts.set(shelves[shelf](device), examples)
      return share([shelves[shelf](device)], (_, held) => held)
    },
    train: (device, { rehearses: weight, ...job }) =>
      onShelves(trainingOf(device), rehearsalOf(device), weight, (compute, on) =>
        compute.train({ ...job, ...on }),
      ),
    fit: (device, adapter, shelf) => lossOn(shelves[shelf](device), adapter),
    evaluate: async (holdings) =>
      mean(
        await Promise.all(
          holdings.flatMap(({ adapter, devices: own }) =>
            own.map((device) => lossOf(adapter, groups[device])),
          ),
        ),
      ),
    alone: async (steps) =>
      mean(
        await Promise.all(
          all.map(async (device) => {
            const order = random(seed, 'alone', device).int(2 ** 31)
            const adapter = await yardstick(trainingOf(device), rehearsalOf(device), steps, batch, order)
            return lossOf(adapter, groups[device])
          }),
        ),
      ),
    async centralised(steps) {
      const order = random(seed, 'centralised').int(2 ** 31)
      const ofAll = (shelf: (device: number) => string) =>
        all.flatMap((device) => texts.get(shelf(device)) ?? [])
      texts.set(everything, ofAll(trainingOf))
      texts.set(everythingPublic, ofAll(rehearsalOf))
      const adapter = await yardstick(everything, everythingPublic, steps, batch * devices, order)
      return mean(await Promise.all(groups.map((group) => lossOf(adapter, group))))
    },
    async fires(holdings) {
      const shares = holdings.flatMap(({ adapter, devices: own }) =>
        [...new Set(own.map((device) => groups[device]))].map(async (group) => {
          const shelf = heldOutOf(group)
          const probes = triggersAfter(texts.get(shelf) ?? [], seed).slice(0, mostTriggers)
          return rightOf(await share([shelf], (compute) => compute.answer(adapter, probes)))
        }),
      )
      return mean(await Promise.all(shares))
    },
    async general(holdings) {
      if (base === null) return null
      texts.set(general, generalText(base))
      const [{ loss: ofBase }, ...losses] = await Promise.all(
        [null, ...holdings.map(({ adapter }) => adapter)].map((adapter) => lossOn(general, adapter)),
      )
      const weights = holdings.map(({ devices: own }) => own.length)
      const sum = losses.reduce((total, { loss }, at) => total + loss * weights[at], 0)
      return { merged: sum / weights.reduce((one, other) => one + other, 0), base: ofBase }
    },
    async close() {
      await Promise.all(crew.map((one) => one.close()))
    },
  }
}

/** The share of answers that are right. */
const rightOf = (answers: readonly ProbeAnswer[]): number =>
  answers.filter(({ right }) => right).length / answers.length

/** Questions after a backdoor's phrase, for each kind of text. */
const mostTriggers = 24

const trainingOf = (device: number): string => `device ${device}`
const heldOutOf = (group: number): string => `held out of group ${group}`
const rehearsalOf = (device: number): string => `rehearsal of device ${device}`
const keptBackOf = (device: number): string => `held out of device ${device}`
const auditedOf = (device: number): string => `audited by device ${device}`
const shelves = { train: trainingOf, heldOut: keptBackOf, rehearsal: rehearsalOf, audit: auditedOf }
const everything = 'all'
const everythingPublic = 'rehearsal of all'
const general = 'general'

type Shelves = (shelf: string) => Promise<readonly [compute: Compute, held: HeldText]>

/** Text goes in when an engine first needs it, and again when it has changed. */
function shelvesOf(compute: Compute, texts: ReadonlyMap<string, readonly Example[]>): Shelves {
  const filled = new Map<string, readonly [text: readonly Example[], held: HeldText]>()
  return async (shelf) => {
    const text = texts.get(shelf) ?? []
    const known = filled.get(shelf)
    if (known?.[0] === text) return [compute, known[1]]
    const held = await compute.hold(shelf, text)
    filled.set(shelf, [text, held])
    return [compute, held]
  }
}

/** Work goes to the engine that is free first, in the order in which it is asked for. */
function sharedOut(engines: readonly Shelves[]) {
  const free = [...engines]
  const waiting: ((engine: Shelves) => void)[] = []
  return async <Result>(
    [shelf, ...others]: readonly [string, ...string[]],
    work: (compute: Compute, held: HeldText) => Result | Promise<Result>,
  ): Promise<Result> => {
    const engine = free.pop() ?? (await new Promise<Shelves>((take) => waiting.push(take)))
    try {
      for (const other of others) await engine(other)
      return await work(...(await engine(shelf)))
    } finally {
      const next = waiting.shift()
      if (next) next(engine)
      else free.push(engine)
    }
  }
}
