/**
 * A text cut along its tokens. What a token adds is known only in the text as a whole: half a letter looks otherwise until the other
 * half is there, and a stop word is cut off again. So earlier pieces keep what still holds, and the newest has the rest.
 */
export function inPieces<Token extends { readonly piece: string }>(
  tokens: readonly Token[],
  text: string,
): readonly Token[] {
  let at = 0
  return tokens.map((token, index) => {
    const rest = text.slice(at)
    const piece = index === tokens.length - 1 ? rest : sharedBeginning(token.piece, rest)
    at += piece.length
    return piece === token.piece ? token : { ...token, piece }
  })
}

function sharedBeginning(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return one.slice(0, length)
}
