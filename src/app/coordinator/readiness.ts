/** Whether a run can begin: a federation needs two devices that hold text. */
import type { DeviceView, NodeState } from '../../node/state'

export const fewestDevices = 2

export function readiness({ devices }: Pick<NodeState, 'devices'>) {
  // A tab that merges for others trains too, where it holds text.
  const trains = ({ role, examples }: DeviceView) => role === 'device' || (role === 'edge' && examples > 0)
  const here = devices.filter((device) => trains(device) && device.activity !== 'gone')
  const withText = here.filter(({ examples }) => examples > 0).length
  return { here: here.length, withText, ready: withText >= fewestDevices }
}
