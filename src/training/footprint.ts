/**
 * What training takes of memory beside the model: a first estimate by counting what a row keeps for the backward pass, so
 * that a device with little of it can be given smaller batches before it fails. Not an account: the planner of the
 * programs (kernels/arena.ts) shares buffers as it goes.
 */
import { numbersKept } from '../model/checkpoint/fit'
import type { ModelConfig } from '../model/config'
import { longestRow } from './batches'

const bytesPerNumber = 4

/** Bytes of the longest row that is trained on: activations of all layers, and its logits. */
export function bytesPerRow(config: ModelConfig): number {
  const perToken = bytesPerNumber * (config.layers * numbersKept(config) + config.vocabulary)
  return longestRow(config.contextLength) * perToken
}
