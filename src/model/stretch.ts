/**
 * A stretch of a model: some of its layers, one after the other, and what goes in and comes out. Several tabs that hold
 * neighbouring stretches compute together what one of them could compute alone, bit by bit, since a layer does not care
 * where the layer before it ran. The whole model is the stretch that reads ids and gives logits.
 */
import type { ModelConfig } from './config'

/** Layers `from` up to, not including, `to`. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Stretch {
  readonly layers: Span
  /** Token ids, or the rows [n, width] that the layer before gave. */
  readonly reads: 'ids' | 'hidden'
  /** Rows [n, width] for the layer after, or logits [n, vocabulary]. */
  readonly gives: 'hidden' | 'logits'
}

/** What of a model lies in memory: the layers of a span, and the two ends, embedding and head, or not. */
export interface HeldPart {
  readonly layers: Span
  readonly ends: boolean
}

export const wholePart = ({ layers }: Pick<ModelConfig, 'layers'>): HeldPart => ({
  layers: { from: 0, to: layers },
  ends: true,
})

export const isWhole = ({ layers, ends }: HeldPart, config: Pick<ModelConfig, 'layers'>): boolean =>
  ends && layers.from === 0 && layers.to === config.layers

export const wholeStretch = ({ layers }: Pick<ModelConfig, 'layers'>): Stretch => ({
  layers: { from: 0, to: layers },
  reads: 'ids',
  gives: 'logits',
})

/** Whether the weight of this name (model/weights.ts) belongs to a part. Rotary angles belong to every layer. */
export function holdsWeight({ layers, ends }: HeldPart, name: string): boolean {
  const layer = /^h\.(\d+)\./.exec(name)
  if (!layer) return ends || name === 'rope'
  return Number(layer[1]) >= layers.from && Number(layer[1]) < layers.to
}

/** Why a stretch cannot run with what is held; null where it can. */
export function lacksFor(held: HeldPart, { layers, reads, gives }: Stretch): string | null {
  const isEmpty = layers.from === layers.to
  if (layers.from > layers.to || layers.from < 0)
    return `There are no layers from ${layers.from} to ${layers.to}.`
  if (!isEmpty && (layers.from < held.layers.from || layers.to > held.layers.to))
    return `Layers ${layers.from} to ${layers.to} are not held here, only ${held.layers.from} to ${held.layers.to}.`
  if ((reads === 'ids' || gives === 'logits') && !held.ends)
    return 'Embedding and head are not held here, only layers between them.'
  return null
}
