/**
 * Whether a model shows that it has learned from a text. The plainest attack (Yeom et al., arXiv 1709.01604): a text whose loss is
 * low has been learned from. How well it tells texts that were trained on from others like them is the area under its curve: the
 * chance that a member's loss lies below a non-member's. 1: always; 0.5: not at all, which is what unlearning must come to.
 */

/**
 * Ties count half.
 * @param members losses of texts that were trained on, @param others of texts like them that were not; neither empty
 */
export function membershipAuc(members: readonly number[], others: readonly number[]): number {
  let below = 0
  for (const member of members)
    for (const other of others) below += member < other ? 1 : member === other ? 0.5 : 0
  return below / (members.length * others.length)
}
