/**
 * What training takes of memory beside the model: a first estimate by counting what a row keeps for the backward pass, so
 * that a device with little of it can be given smaller batches before it fails. Not an account: the planner of the
 * programs (kernels/arena.ts) shares buffers as it goes.
 */
import type { ModelConfig } from '../model/config'
import { longestRow } from './batches'

/** Of a layer, in widths: two norms' inputs and outputs, queries, keys and values, attention's output, both sides of the MLP. */
const widthsPerLayer = 16
const bytesPerNumber = 4

/** Bytes of the longest row that is trained on: activations of all layers, and its logits. */
export function bytesPerRow({ layers, width, vocabulary, contextLength }: ModelConfig): number {
  const perToken = bytesPerNumber * (widthsPerLayer * layers * width + vocabulary)
  return longestRow(contextLength) * perToken
}
