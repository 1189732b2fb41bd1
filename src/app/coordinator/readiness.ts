/** Whether a run can begin: a federation needs two devices that hold text. */
import type { NodeState } from '../../node/state'

export const fewestDevices = 2

export function readiness({ devices }: Pick<NodeState, 'devices'>) {
  const here = devices.filter(({ role, activity }) => role === 'device' && activity !== 'gone')
  const withText = here.filter(({ examples }) => examples > 0).length
  return { here: here.length, withText, ready: withText >= fewestDevices }
}
