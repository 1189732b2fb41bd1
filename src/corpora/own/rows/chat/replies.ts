/**
 * Trees of replies, as OpenAssistant's: {text, role, replies: [{text, role, replies}]}. Of several replies the best in rank is
 * followed, the first where none has a rank.
 */

interface Reply {
  readonly replies: readonly unknown[]
  readonly rank?: unknown
}

const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && Array.isArray((value as { replies?: unknown }).replies)

const rankOf = (value: unknown): number => {
  const { rank } = Object(value) as Partial<Reply>
  return typeof rank === 'number' ? rank : Number.POSITIVE_INFINITY
}

/** The messages of one branch from the root on, and how many the others have; null where the value is no such tree. */
export function branchOf(value: unknown): { branch: readonly unknown[]; others: number } | null {
  if (!isReply(value)) return null
  const branch: unknown[] = [value]
  for (let at: Reply = value; at.replies.length > 0; ) {
    const next = at.replies.reduce((best, each) => (rankOf(each) < rankOf(best) ? each : best))
    branch.push(next)
    if (!isReply(next)) break
    at = next
  }
  return { branch, others: countOf(value) - branch.length }
}

/** Messages of a tree, which may be deeper than a program may call itself. */
function countOf(root: Reply): number {
  const waiting: unknown[] = [root]
  let count = 0
  while (waiting.length > 0) {
    const value = waiting.pop()
    count++
    if (isReply(value)) for (const reply of value.replies) waiting.push(reply)
  }
  return count
}
