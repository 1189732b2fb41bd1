/** Whether a run can begin: a federation needs two devices that hold text, and more where they are to hide in a sum. */
import type { DeviceView, NodeState } from '../../node/state'
import { fewestDevicesOf } from '../../settings/derived/secrecy'

export function readiness({
  devices,
  settings,
}: Pick<NodeState, 'devices'> & { readonly settings: Pick<NodeState['settings'], 'secure'> }) {
  // A tab that merges for others trains too, where it holds text.
  const trains = ({ role, examples }: DeviceView) => role === 'device' || (role === 'edge' && examples > 0)
  const here = devices.filter((device) => trains(device) && device.activity !== 'gone')
  const withText = here.filter(({ examples }) => examples > 0).length
  const fewest = fewestDevicesOf(settings)
  return { here: here.length, withText, fewest, ready: withText >= fewest }
}
