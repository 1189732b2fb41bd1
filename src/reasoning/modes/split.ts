/**
 * Split: one model cut in two, the first layers at the device, the others at an edge, rows of hidden states between them. It is a
 * pipeline of two stages, with its journal and its replacement of an edge that dies; what is its own is where the cut lies
 * (plan/cut.ts) and how rows travel (core/codecs.ts). As float32 the text is the whole model's; halves and bytes change it a little.
 *
 * Split is not private. Rows can be turned back into words, the more easily the earlier the cut: how many is measured
 * (docs/reasoning.md), and the page says it. Source: Kang et al., Neurosurgeon, ASPLOS 2017.
 */
import type { Codec } from '../core/codecs'
import { bytesOfRow } from '../core/codecs'
import { type Mode, type Question, Unanswerable } from '../mode'
import { bestCut, cutMs, mayBeCut } from '../plan/cut'
import type { Candidate, Placed } from '../plan/placement'
import type { Ports } from '../ports'
import { type Crew, crewOf } from './pipeline/crew'
import { openPipelineOf, pipeline } from './pipeline/pipeline'

/** What a home link carries, in bytes a second: 10 Mbit/s. */
const usualBytesPerSecond = 1.25e6

export const split: Mode = {
  name: 'split',
  isLossless: true,
  others: 'needed',
  lacks: pipeline.lacks,
  open: (ports, line, question) => openPipelineOf(ports, line, question, splitCrew(ports, question)),
}

/**
 * A pipeline’s, with another plan: two stages, the asker’s and the edge’s with which a token is done soonest. Throws where the cut
 * that is wished for cannot be had.
 */
function splitCrew(ports: Ports, { adapter, cut, codec }: Question): Crew {
  const { layers, width } = ports.self.facts
  const crew = crewOf(ports, adapter?.hash ?? null, 2)
  const [self, ...others] = crew.candidates()
  const isCut = (at: number): boolean =>
    at <= layers && others.some((edge) => mayBeCut(measuresOf(self, edge, layers, 0), at))
  if (cut !== null && !isCut(cut))
    throw new Unanswerable(
      `The model cannot be cut after ${cut} of its ${layers} layers: this tab may hold ${self.mostLayers}, and no other the rest. Choose another place, or none.`,
    )
  return {
    ...crew,
    plan() {
      const [own, ...edges] = crew.candidates()
      const plans = edges.flatMap((edge) => {
        const measures = measuresOf(own, edge, layers, travelMs(edge, width, codec))
        const chosen = cut ?? bestCut(measures)
        return chosen === null || !mayBeCut(measures, chosen)
          ? []
          : [{ edge, cut: chosen, milliseconds: cutMs(measures, chosen) }]
      })
      const best = plans.reduce<(typeof plans)[number] | null>(
        (one, other) => (one === null || other.milliseconds < one.milliseconds ? other : one),
        null,
      )
      return best ? cutAt(best.cut, own.id, best.edge.id, layers) : crew.plan()
    },
  }
}

const travelMs = ({ overheadMs }: Candidate, width: number, codec: Codec): number =>
  overheadMs + (2000 * bytesOfRow(codec, width)) / usualBytesPerSecond

const measuresOf = (own: Candidate, edge: Candidate, layers: number, travelMs: number) => ({
  layers,
  deviceMsPerLayer: own.millisecondsPerLayer,
  edgeMsPerLayer: edge.millisecondsPerLayer,
  travelMs,
  mostAtDevice: own.mostLayers,
  mostAtEdge: edge.mostLayers,
})

const cutAt = (cut: number, own: string, edge: string, layers: number): readonly Placed[] =>
  [
    { id: own, layers: { from: 0, to: cut } },
    { id: edge, layers: { from: cut, to: layers } },
  ].filter(({ layers: { from, to } }) => to > from)
