/** What a weak device has to make a text: its own guesses, and edges that judge them. */
import type { Line } from '../../line'
import type { Question } from '../../mode'
import type { NodeId, Ports } from '../../ports'
import { type Drafter, openDrafter } from './drafter'
import { type Edges, openEdges } from './edges/edges'
import type { EdgeUse } from './edges/roster'

export interface Device {
  readonly drafter: Drafter
  /** Edges are told how tokens are drawn when they are first asked; drawn otherwise, they are asked anew. */
  edgesFor(question: Question): Edges
  close(): void
}

export function openDevice(
  ports: Ports,
  line: Line,
  question: Pick<Question, 'adapter' | 'draftAdapter'>,
  use: EdgeUse,
  drafter: Drafter = openDrafter(ports, question),
): Device {
  let opened: { readonly edges: Edges; readonly drawn: string } | null = null
  let asked: Question | null = null
  /** Whoever has lied to this device. */
  const liars = new Set<NodeId>()
  return {
    drafter,
    edgesFor(question) {
      const { temperature, seed, topK, topP, hedges, prompt } = question
      // Of a prompt only a cloud must know where it ends.
      const drawn = JSON.stringify([temperature, seed, topK, topP, hedges, use === 'cloud' && prompt.length])
      if (opened?.drawn !== drawn) {
        opened?.edges.close()
        drafter.forget()
        opened = { edges: openEdges(ports, line, question, use, liars), drawn }
      }
      if (asked !== question) opened.edges.begin()
      asked = question
      return opened.edges
    },
    close() {
      drafter.close()
      opened?.edges.close()
    },
  }
}
