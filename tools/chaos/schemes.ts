/**
 * What is run under each scheme: small models, so that rounds are many, and everything else as it usually is. What a room promises
 * beside that is drawn from the seed, among all that goes together: the reader of addresses says what does.
 */
import { robustRules } from '../../src/federation/aggregation/robust/chain'
import type { SchemeName } from '../../src/federation/types'
import { type Random, random } from '../../src/lib/rng'
import { readSettings } from '../../src/settings/reading'
import type { Settings } from '../../src/settings/table'

/** Every third seed of a scheme that can be secure; what else that asks for. */
const withMasks: Partial<Record<SchemeName, string>> = {
  synchronous: '',
  clustered: '&clusterBy=loss&clusters=2&warmUpRounds=1&reclusterEvery=2',
  hierarchical: '&edges=1',
}

export const isSecure = (scheme: SchemeName, seed: number): boolean => seed % 3 === 2 && scheme in withMasks

/** Another third of a scheme's seeds, where single updates of rounds are seen: who wants to be forgotten is taken out of the past, too. */
export const keepsLedger = (scheme: SchemeName, seed: number): boolean =>
  scheme === 'synchronous' && seed % 3 === 1

/** Most budgets last for some of the updates. */
const noises: readonly ((dice: Random) => string)[] = [
  () => '&privacy=client&clip=0.1',
  (dice) => `&privacy=client&clip=0.1&epsilon=${5 + dice.int(11)}`,
  (dice) => `&privacy=client&clip=auto&epsilon=${5 + dice.int(11)}`,
  () => '&privacy=client&clip=0.1&noise=auto&epsilon=5',
  (dice) => `&privacy=example&clip=0.1&noise=2&epsilon=${6 + dice.int(14)}`,
]
const drawNoise = (dice: Random): string => dice.pick(noises)(dice)

/** Rules that compare single numbers want one factor. A server that goes too far makes what devices vote down. */
function drawChain(dice: Random): string {
  const rule = dice.pick([null, ...Object.keys(robustRules)])
  const means = rule && dice.pick([null, null, 'bucketing', 'neighbour-mixing'])
  const gate = dice.pick(['gate', null])
  const steps = [dice.pick(['norm-bound', null]), means, rule, gate]
  const chain = steps.filter((step) => step !== null).join(',') || 'none'
  return `&robust=${chain}${dice.pick(['', '&aggregation=ffa'])}${gate ? dice.pick(['', '&serverRate=4']) : ''}`
}

const promises: readonly ((dice: Random) => string)[] = [
  drawNoise,
  drawChain,
  (dice) => drawNoise(dice) + drawChain(dice),
]
const mostTries = 40

/** Half of all rooms promise something more, where it goes with the rest. Drawn by itself, so that all else of a seed stays as it was. */
function promisedBeside(rest: string, scheme: SchemeName, seed: number): string {
  const dice = random(seed, 'chaos promises', scheme)
  if (dice.int(2) === 0) return ''
  for (const draw of dice.shuffle(promises))
    for (let tries = 0; tries < mostTries; tries++) {
      const promised = draw(dice)
      if (readSettings(addressOf(rest + promised)).problems.length === 0) return promised
    }
  return ''
}

const addressOf = (query: string): URL => new URL(`http://chaos/?${query}`)

/** As the rest of an address, before anything more is promised; of gossip both ways of mixing. */
export function usualQueryOf(scheme: SchemeName, seed: number): string {
  const mixing = seed % 2 === 1 ? '&mixing=push-sum' : ''
  const more = scheme === 'gossip' ? `&topology=ring${mixing}` : ''
  const masks = isSecure(scheme, seed) ? `&secure=1${withMasks[scheme]}` : ''
  const ledger = keepsLedger(scheme, seed) ? '&ledger=1' : ''
  return `scheme=${scheme}&baselines=0&rounds=8&silence=10${more}${masks}${ledger}`
}

export function queryOf(scheme: SchemeName, seed: number): string {
  const usual = usualQueryOf(scheme, seed)
  return usual + promisedBeside(usual, scheme, seed)
}

export const settingsOf = (query: string): Settings => readSettings(addressOf(query)).settings

export const hasCoordinator = (scheme: SchemeName): boolean => scheme !== 'gossip'

/** Those that would merge for others. Of devices in hiding each edge needs several. */
export const isEdge = (scheme: SchemeName, seed: number, key: string): boolean =>
  scheme === 'hierarchical' && (key === 'device-0' || (key === 'device-1' && !isSecure(scheme, seed)))

/** With so many devices a run can come to its end: an edge that trains too does not count among those that hide each other. */
export function leastDevices(scheme: SchemeName, seed: number): number {
  if (!isSecure(scheme, seed)) return 3
  return scheme === 'hierarchical' ? 5 : 3
}
