/**
 * What was lent, looked at before it is mixed: adapters are foreign. One that is damaged, has another shape, holds numbers that are
 * none, or makes the engine give such, is left out, and its tab named. One that would change the model far more than the others is
 * mixed with as much less weight: at most twice the median, as in a merge (federation/aggregation/limits.ts), since a small
 * weight alone does not tame it.
 */
import { measuredAdapter } from '../../../model/concatenation'
import type { Masses } from '../../../model/masses'
import { wholeStretch } from '../../../model/stretch'
import type { NodeId, Ports } from '../../ports'
import { openReader } from '../../reader'
import { type Opinion, opinionOn } from '../ensemble/opinion'

export interface Lent {
  readonly id: NodeId
  readonly adapter: Uint8Array
}

export interface Sound extends Lent {
  /** By how much it changes the model: ‖Σ B A‖. */
  readonly length: number
  /** What the model thinks of the prompt with it. */
  readonly opinion: Opinion
}

export interface Judged {
  readonly sound: readonly Sound[]
  readonly unsound: readonly NodeId[]
}

/** An adapter of this rank is larger than any that a room trains. */
const mostRank = 256
/** 1, as a half. */
const wholeShare = 0x3c00
const mostTimesMedian = 2

export async function judged(
  ports: Ports,
  lent: readonly Lent[],
  prompt: readonly number[],
): Promise<Judged> {
  const sound: Sound[] = []
  const unsound: NodeId[] = []
  for (const one of lent) {
    const found = await soundOf(ports, one, prompt)
    if (found) sound.push(found)
    else unsound.push(one.id)
  }
  return { sound, unsound }
}

async function soundOf(ports: Ports, lent: Lent, prompt: readonly number[]): Promise<Sound | null> {
  const { sessions, self, links } = ports
  const reader = openReader(sessions, lent.adapter, wholeStretch(self.facts))
  try {
    const { rank, length } = measuredAdapter(lent.adapter)
    if (rank > mostRank) return null
    const opinion = await opinionOn(reader, prompt, 0, self.facts.vocabulary)
    return isNumbers(opinion) ? { ...lent, length, opinion } : null
  } catch (problem) {
    if (lent.id === links.self) throw problem
    return null
  } finally {
    reader.close()
  }
}

const isNumbers = ({
  masses,
  likelihoods,
}: {
  readonly masses: Masses
  readonly likelihoods: readonly number[]
}) => likelihoods.every(Number.isFinite) && masses.halves.every((half) => half <= wholeShare)

/** Each weight, less where its adapter is longer than twice the median. Of an even number the lower one: the upper could be a liar's. */
export function tamed(weights: readonly number[], lengths: readonly number[]): readonly number[] {
  const median = lengths.toSorted((a, b) => a - b)[Math.floor((lengths.length - 1) / 2)]
  const most = median > 0 ? mostTimesMedian * median : Number.POSITIVE_INFINITY
  return weights.map((weight, index) => weight * Math.min(1, most / lengths[index]))
}
