/** Devices around their edges: who sits where in the web, and whose thread leads to whom. */
import type { DeviceView } from '../../../node/state'
import type { Point } from './geometry'

type Seated = Pick<DeviceView, 'key' | 'edge' | 'isEdge'>

/** An edge sits so far from the middle, its devices at the rim. */
const inward = 0.58

/** The edge that a device's thread leads to; null: to the coordinator. */
export const edgeOf = <Device extends Seated>(device: Device, devices: readonly Device[]): Device | null =>
  device.isEdge ? null : (devices.find(({ key, isEdge }) => isEdge && key === device.edge) ?? null)

/** Each edge sits in the midst of its devices; whoever has none stays where it is, behind them. */
export function seatedByEdge<Device extends Seated>(devices: readonly Device[]): readonly Device[] {
  const groups = devices
    .filter(({ isEdge }) => isEdge)
    .map((edge) => {
      const own = devices.filter((device) => edgeOf(device, devices) === edge)
      const half = Math.ceil(own.length / 2)
      return [...own.slice(0, half), edge, ...own.slice(half)]
    })
  const placed = new Set(groups.flat())
  return [...groups.flat(), ...devices.filter((device) => !placed.has(device))]
}

/** Edges move towards the middle, so that their devices are seen to hang on them. */
export const tieredSeat = (seat: Point, centre: Point, { isEdge }: Pick<Seated, 'isEdge'>): Point =>
  isEdge ? { x: centre.x + inward * (seat.x - centre.x), y: centre.y + inward * (seat.y - centre.y) } : seat
