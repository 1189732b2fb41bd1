/**
 * Which sentences of a room are kept back from training. The side of a sentence depends on the room's seed and on its
 * words alone, so no device trains on a sentence that another device is tested with, however many devices come.
 */
import { random } from '../lib/rng'
import type { Accept } from './grammar'

const heldOutShare = 1 / 8

export function sidesOf(seed: number): { trained: Accept; heldOut: Accept } {
  const heldOut = (sentence: string) => random(seed, 'side', sentence).next() < heldOutShare
  return { heldOut, trained: (sentence) => !heldOut(sentence) }
}
