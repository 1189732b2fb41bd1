/**
 * What an attacker can look at in an adapter: the loss of single texts against that under the base, for an audit
 * (federation/privacy/audit.ts), and which private facts it says when it is asked. Only a simulation can measure both: it holds
 * everybody's text.
 */
import type { Example, Probe } from '../../corpora/example'
import { type Audit, audit } from '../../federation/privacy/audit'
import { recallOf } from '../../node/measuring/parts'
import type { Compute } from '../../training/compute'

export interface Told {
  /** The share of the private facts that it says. */
  readonly recall: number
  /** How much higher than the base's its loss is, of each text that was learned from, and of each other one. */
  readonly trained: readonly number[]
  readonly others: readonly number[]
}

export interface Texts {
  /** Learned from. */
  readonly trained: readonly Example[]
  /** Of the same kind, which nobody learned from. */
  readonly others: readonly Example[]
  /** About the private facts in what was learned. */
  readonly probes: readonly Probe[]
}

const shelf = 'one text'

export async function toldBy(
  compute: Compute,
  adapter: Uint8Array,
  { trained, others, probes }: Texts,
): Promise<Told> {
  return {
    recall: (await recallOf(compute, adapter, probes, 'trained')) ?? 0,
    trained: await lossesUnder(compute, adapter, trained),
    others: await lossesUnder(compute, adapter, others),
  }
}

/** How much higher than under the base each text's loss is, nats per token; below 0 where the adapter expects it more. */
export async function lossesUnder(
  compute: Compute,
  adapter: Uint8Array,
  examples: readonly Example[],
): Promise<number[]> {
  const losses: number[] = []
  for (const example of examples) {
    await compute.hold(shelf, [example])
    const [own, base] = [await compute.evaluate(adapter, shelf), await compute.evaluate(null, shelf)]
    losses.push(own.loss - base.loss)
  }
  return losses
}

/** Of several runs of one mechanism, which together show more than each. @param delta of the claim that this stands beside */
export const auditOf = (runs: readonly Told[], delta: number): Audit =>
  audit(
    runs.flatMap(({ trained }) => trained),
    runs.flatMap(({ others }) => others),
    delta,
  )
