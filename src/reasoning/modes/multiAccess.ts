/**
 * Multi-access: one device, several edges. As in speculative decoding the device guesses and an edge judges; but each round goes to
 * the edge that will be done first, one that is late is overtaken by a second, and an edge that dies in mid-sentence costs one
 * round. All of them draw with the same noise, so which one answers changes nothing in the text.
 */
import type { Mode } from '../mode'
import { lacksEdge } from './speculative/lacking'
import { openSpeculation } from './speculative/speculation'

export const multiAccess: Mode = {
  name: 'multi-access',
  isLossless: true,
  others: 'needed',
  lacks: lacksEdge,
  open: (ports, line, question) => openSpeculation(ports, line, question, 'many'),
}
