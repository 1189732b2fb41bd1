/**
 * Liars among the devices: they send what they have learned backwards, three times as long. Two or three of ten do, on the same text
 * for all and on four planted domains; met by nothing, by the norm bound that is usual, and by robust rules behind it, each of which
 * supposes as many liars as there are.
 */
import { mean, percent, signed } from '../figures'
import { inTheLab } from '../lab'
import type { Experiment, Result, Results, Rule } from '../rule'

const worlds = { IID: 'kitchen', 'four domains': 'villages' } as const
const shares = { two: 0.2, three: 0.3 } as const
const defences = {
  nothing: [],
  'norm bound': ['norm-bound'],
  'multi-krum': ['norm-bound', 'multi-krum'],
  'mixing and geometric median': ['norm-bound', 'neighbour-mixing', 'geometric-median'],
  'mixing and centred clipping': ['norm-bound', 'neighbour-mixing', 'centred-clipping'],
} as const
/** What the claim says nothing of: it bounds what one liar can do, and does not look who lies. */
const between = 'norm bound'

type World = keyof typeof worlds
type Share = keyof typeof shares
const names = Object.keys(worlds) as World[]
const counts = Object.keys(shares) as Share[]
const met = Object.keys(defences) as (keyof typeof defences)[]

const nameOf = (world: World, share: Share | null, defence: string) =>
  share === null ? `${world} clean` : `${world} ${share} ${defence}`

function experiment(world: World, share: Share | null, defence: keyof typeof defences): Experiment {
  const attackers = share === null ? 0 : shares[share]
  return inTheLab('iid', {
    settings: {
      rounds: 8,
      robust: defences[defence],
      ...(share !== null && { attack: 'sign-flip', attackers }),
    },
    world: { corpus: worlds[world], devices: 10, attackingDevices: attackers },
  })
}

const experiments: Rule['experiments'] = Object.fromEntries(
  names.flatMap((world) => [
    [nameOf(world, null, ''), experiment(world, null, 'norm bound')] as const,
    ...counts.flatMap((share) =>
      met.map((defence) => [nameOf(world, share, defence), experiment(world, share, defence)] as const),
    ),
  ]),
)

/** The share of the gain from base to clean that is lost. */
const lost = (clean: Result, attacked: Result): number =>
  (attacked.loss! - clean.loss!) / (clean.base! - clean.loss!)

/** How much more loss than without liars. */
const worse = (clean: Result, attacked: Result): number => attacked.loss! / clean.loss! - 1

export const rule: Rule = {
  number: 11,
  title: 'Liars among the devices',
  claim:
    'with 20 and 30 % of liars plain averaging loses more than half of the gain from base to clean, and robust rules stay within 10 % of the loss without liars, on IID text and on four domains',
  setting:
    'ten devices, eight rounds of eight steps, one adapter by FedAvg; liars send their update times −3. “Lost” is the share of the gain that is gone, “loss” what is held out against the run without liars',
  experiments,
  judge(seeds) {
    const each = names.flatMap((world) =>
      counts.flatMap((share) => met.map((defence) => ({ world, share, defence }))),
    )
    const of = (
      measure: (clean: Result, attacked: Result) => number,
      { world, share, defence }: (typeof each)[number],
    ) =>
      seeds.map((results: Results) =>
        measure(results[nameOf(world, null, '')], results[nameOf(world, share, defence)]),
      )
    const holds = (one: (typeof each)[number]) =>
      one.defence === 'nothing' ? mean(of(lost, one)) > 0.5 : mean(of(worse, one)) <= 0.1
    const claimed = (one: (typeof each)[number]) => one.defence !== between
    const missing = each.filter((one) => claimed(one) && !holds(one))
    return {
      met: missing.length === 0,
      says:
        missing.length === 0
          ? 'Everywhere.'
          : `Not so: ${missing.map(({ world, share, defence }) => `${defence}, ${share} of ten, ${world}`).join('; ')}.`,
      head: ['text', 'liars of ten', 'met by', 'lost of the gain', 'loss against clean', 'holds'],
      rows: each.map((one) => [
        one.world,
        one.share,
        one.defence,
        percent(of(lost, one), 0),
        signed(mean(of(worse, one))),
        claimed(one) ? (holds(one) ? 'yes' : 'no') : 'not claimed',
      ]),
    }
  },
}
