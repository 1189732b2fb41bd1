/**
 * What edges bring: each says whose training its result holds. Within one round of the coordinator a device is behind one
 * result only, and behind one that was ordered with it.
 */
import type { MergeEffect } from '../../../src/federation/effects'
import type { Message } from '../../../src/network/network'
import { fromCoordinator, fromDevice } from '../../../src/node/wire/messages'
import type { Note } from './violation'

export interface Edges {
  said(key: string, to: string, message: Message): void
  /** The coordinator merges these: results of edges, and updates of devices that speak for themselves. */
  merged(effect: MergeEffect): void
}

export function edgesOf(note: Note, when: () => string): Edges {
  /** By edge and round. */
  const ordered = new Map<string, Set<string>>()
  const brought = new Map<string, readonly string[]>()
  return {
    said(key, to, message) {
      if (message.type === 'edge-order' || message.type === 'edge-devices') {
        const order = fromCoordinator.parse(message)
        if (order.type !== 'edge-order' && order.type !== 'edge-devices') return
        const name = `${to} ${order.round}`
        ordered.set(name, new Set([...(ordered.get(name) ?? []), ...order.devices]))
      }
      if (message.type !== 'forward') return
      const result = fromDevice.parse(message)
      if (result.type !== 'forward') return
      const devices = Object.keys(result.trained)
      const known = ordered.get(`${key} ${result.round}`)
      for (const device of devices)
        if (!known?.has(device))
          note(
            'nobody outside the cohort counts',
            `${when()} ${key} brings ${device} in round ${result.round}`,
          )
      brought.set(`${key} ${result.round}`, devices)
    },
    merged({ updates }) {
      const counted = new Map<string, string>()
      for (const { device, round } of updates)
        for (const behind of brought.get(`${device} ${round}`) ?? [device]) {
          const other = counted.get(`${behind} ${round}`)
          if (other !== undefined)
            note(
              'no update is counted twice',
              `${when()} round ${round}: ${behind} by ${other} and ${device}`,
            )
          counted.set(`${behind} ${round}`, device)
        }
    },
  }
}
