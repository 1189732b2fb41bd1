/** How papers (`lineage.ts`) pass between the two ends of a handshake: piece by piece, each asked for by whoever reads them. */
import type { Step, Talk } from './conversation'

/** A step has 4 KiB, and a quotation mark is two bytes in JSON. */
export const pieceLetters = 1500
export const mostPieces = 256

type Ask = Extract<Step, { step: 'ask' }>

export function answer(talk: Talk, papers: string, { piece }: Ask): void {
  const pieces = Math.min(mostPieces, Math.ceil(papers.length / pieceLetters))
  const text = papers.slice(piece * pieceLetters, (piece + 1) * pieceLetters)
  talk.send({ step: 'piece', pieces, text })
}

/** The papers of the other end. */
export async function readPapers(talk: Talk): Promise<string> {
  let papers = ''
  for (let piece = 0, pieces = 1; piece < pieces; piece++) {
    talk.send({ step: 'ask', piece })
    const said = await talk.next('piece')
    pieces = said.pieces
    papers += said.text
  }
  return papers
}

/** The other end reads ours, as much as it likes. */
export async function offerPapers(talk: Talk, papers: string): Promise<void> {
  talk.send({ step: 'offer' })
  const pieces = Math.ceil(papers.length / pieceLetters)
  for (let left = pieces; left > 0; left--) answer(talk, papers, await talk.next('ask'))
}
