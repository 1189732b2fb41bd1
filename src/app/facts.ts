/**
 * Whether the room has facts to ask about. What its devices hold decides; what the room offers only counts until somebody
 * holds text. A room of letters, stories or people's own files has none, and what speaks of facts is not shown there.
 */
import { holdsFacts } from '../node/local/shares'
import type { NodeState } from '../node/state'
import { useNodeState } from './node'

export function hasFacts({
  devices,
  settings,
  baseRecall,
}: Pick<NodeState, 'devices' | 'settings' | 'baseRecall'>): boolean {
  if (baseRecall !== null) return true
  const reading = devices.filter(({ examples }) => examples > 0)
  return reading.length > 0
    ? reading.some(({ corpus }) => holdsFacts(corpus))
    : holdsFacts(settings.corpus ?? 'facts')
}

export const useHasFacts = (): boolean => useNodeState(hasFacts)
