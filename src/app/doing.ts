/**
 * What somebody in the room is shown to do. A tab says of itself that it waits, or has nothing to do; in a room whose rounds
 * are over that means that it is done. A coordinator is seen to merge as well.
 */
import type { DeviceView, NodeState } from '../node/state'
import { useNodeState } from './node'
import type { Mark } from './ui/StateMark'

type Room = Pick<NodeState, 'phase'> & Pick<NodeState['round'], 'stage'>
type Somebody = Pick<DeviceView, 'role' | 'activity'>

export function doingIn({ phase, stage }: Room, { role, activity }: Somebody): Mark {
  if (phase.kind === 'finished' && (activity === 'idle' || activity === 'waiting')) return 'done'
  return role === 'coordinator' && phase.kind === 'running' && stage === 'merging' ? 'merging' : activity
}

export function useDoing(): (somebody: Somebody) => Mark {
  const room = useNodeState(({ phase, round: { stage } }) => ({ phase, stage }))
  return (somebody) => doingIn(room, somebody)
}
