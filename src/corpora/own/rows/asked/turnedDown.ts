/**
 * Of two answers a person liked one better: `chosen` and `rejected` in all their names. The one that was turned down is
 * never learned unless somebody asks for its column.
 */
const liked = 'chosen preferred better best correct right safer'.split(' ')
const disliked = ['rejected', 'dispreferred', 'incorrect', 'wrong', 'worse', 'unsafe']
const answers = 'answer answers response responses completion output text reply'.split(' ')

/** Names of answers that were liked better, by themselves or with what they are: `chosen`, `best_answer`, `response_chosen`. */
export const likedNames: readonly string[] = [
  ...['chosen', 'preferred', 'safer', 'response_j'],
  ...liked.flatMap((name) => answers.flatMap((answer) => [`${name}_${answer}`, `${answer}_${name}`])),
]

/** Beside these it may stand in an object: {from, value}, {role, content}. */
const parts = ['value', 'content', 'message', 'messages', 'conversation', 'conversations', 'from', 'role']

/** Whether the column holds answers that were turned down. @param columns whose keys are those of the table */
export function isTurnedDown(key: string, columns: Pick<ReadonlyMap<string, unknown>, 'has'>): boolean {
  if (key === 'response_k') return columns.has('response_j')
  const words = key.replace(/\(s\)/, 's').split(/[ _.-]+/)
  return (
    words.some((word) => disliked.includes(word)) &&
    words.every((word) => [...disliked, ...answers, ...parts].includes(word))
  )
}
