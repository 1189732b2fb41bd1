/**
 * What convergence bounds rest on, as far as it can be measured in a run. These are estimates of terms, not of bounds: no
 * constant is claimed. All of them follow from inner products of the devices' changes ΔW_i = s (B_i A_i - B_v A_v), so no
 * dense matrix is made and no choice of factors matters.
 *
 * FedAvg and HierFAVG: the squared gradient norm falls like 1/T up to a term that grows with client drift zeta²; clustering
 * lowers it. FedBuff: staleness enters as its largest value squared. LoRA: what the rank cuts off and what averaging
 * factors distorts. Gossip: the consensus error, which each mixing multiplies by lambda² at most.
 */

export interface ConvergenceTerms {
  /** |sum p_i ΔW_i|: how far the federation moved. Over steps times rate it stands for the gradient's norm. */
  readonly meanChange: number
  /** zeta²: sum p_i |ΔW_i - sum p_j ΔW_j|², how far devices pulled apart. */
  readonly drift: number
  /** Drift over the squared mean change: 0 where all agree. */
  readonly relativeDrift: number
}

/**
 * @param gram inner products of the changes
 * @param weights of the average; they are scaled to sum to 1
 */
export function convergenceTerms(
  gram: readonly (readonly number[])[],
  weights: readonly number[],
): ConvergenceTerms {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const p = weights.map((weight) => weight / total)
  const ofMean = p.reduce((sum, pi, i) => sum + pi * p.reduce((all, pj, j) => all + pj * gram[i][j], 0), 0)
  const own = p.reduce((sum, pi, i) => sum + pi * gram[i][i], 0)
  const squared = Math.max(0, ofMean)
  const drift = Math.max(0, own - squared)
  return { meanChange: Math.sqrt(squared), drift, relativeDrift: squared > 0 ? drift / squared : 0 }
}

export interface Staleness {
  readonly mean: number
  readonly largest: number
}

/** Of the versions that passed since each update's start; null: nothing was merged. */
export const stalenessTerms = (ages: readonly number[]): Staleness | null =>
  ages.length === 0
    ? null
    : { mean: ages.reduce((sum, age) => sum + age, 0) / ages.length, largest: Math.max(...ages) }

/** sum_i |X_i - mean(X)|² over the nodes of a web, from the inner products of their models. */
export function consensusError(gram: readonly (readonly number[])[]): number {
  const count = gram.length
  const diagonal = gram.reduce((sum, row, i) => sum + row[i], 0)
  const all = gram.reduce((sum, row) => sum + row.reduce((own, x) => own + x, 0), 0)
  return Math.max(0, diagonal - all / count)
}

/** The same relative to the squared length of all models: gossip may stop below 1e-3 squared. */
export function relativeConsensusError(gram: readonly (readonly number[])[]): number {
  const diagonal = gram.reduce((sum, row, i) => sum + row[i], 0)
  return diagonal > 0 ? Math.sqrt(consensusError(gram) / diagonal) : 0
}
