/**
 * Which colour belongs to whom: the same in web, list and charts, in every tab of the room, and after a reload, for it
 * follows the device's index. Where two hold one index (gossiping tabs that have just met) or have none yet, the later one
 * takes a colour that nobody else in the room has.
 */
import { useMemo } from 'react'
import type { DeviceView } from '../../node/state'
import { useNodeState } from '../node'
import { paletteColour } from './palette'

export type Seat = Pick<DeviceView, 'key' | 'index' | 'role'>

/** Each device's place in the palette; no two are the same. A coordinator has none: it is the sun. */
export function colourPlaces(seats: readonly Seat[]): ReadonlyMap<string, number> {
  const devices = seats
    .filter(({ role }) => role !== 'coordinator')
    .toSorted((a, b) => a.index - b.index || (a.key < b.key ? -1 : 1))
  const places = new Map<string, number>()
  const taken = new Set<number>()
  for (const { key, index } of devices) {
    if (index < 0 || taken.has(index)) continue
    taken.add(index)
    places.set(key, index)
  }
  let free = 0
  for (const { key } of devices) {
    if (places.has(key)) continue
    while (taken.has(free)) free++
    taken.add(free)
    places.set(key, free)
  }
  return places
}

/** The colour of a node, by its key. */
export function useDeviceColour(): (key: string) => string {
  // Compared as text: the devices change with every step, who sits where hardly ever.
  const seated = useNodeState(({ devices }) =>
    JSON.stringify(devices.map(({ key, index, role }): Seat => ({ key, index, role }))),
  )
  return useMemo(() => {
    const places = colourPlaces(JSON.parse(seated))
    return (key) => {
      const place = places.get(key)
      return place === undefined ? 'var(--sun)' : paletteColour(place)
    }
  }, [seated])
}
