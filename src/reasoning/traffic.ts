/** What packets cost, counted as they are written and read: by the tab at the other end, and by kind. Other letters the network counts. */
import type { NodeId } from './ports'
import type { Packet } from './wire/packets'

/** A packet's type; or an adapter that was lent, which comes with a letter. */
export type PacketKind = Packet['type'] | 'adapter'
/** Bytes. */
export interface BothWays {
  readonly sent: number
  readonly received: number
}
export type LinkTraffic = Readonly<Partial<Record<PacketKind, BothWays>>>

export interface Traffic {
  readonly bytes: number
  readonly packets: number
  readonly byLink: Readonly<Record<NodeId, LinkTraffic>>
}

export interface TrafficCount {
  readonly traffic: Traffic
  count(other: NodeId, kind: PacketKind, way: keyof BothWays, bytes: number): void
}

export function countTraffic(): TrafficCount {
  const byLink: Record<NodeId, Partial<Record<PacketKind, BothWays>>> = {}
  let [bytes, packets] = [0, 0]
  return {
    traffic: {
      get bytes() {
        return bytes
      },
      get packets() {
        return packets
      },
      byLink,
    },
    count(other, kind, way, size) {
      bytes += size
      packets++
      const link = byLink[other] ?? {}
      const both = link[kind] ?? { sent: 0, received: 0 }
      byLink[other] = { ...link, [kind]: { ...both, [way]: both[way] + size } }
    },
  }
}

/** What came between two moments; kinds and links without any are left out. */
export function trafficSince(before: Traffic['byLink'], now: Traffic['byLink']): Traffic['byLink'] {
  const grown = Object.entries(now).flatMap(([other, kinds]) => {
    const more = Object.entries(kinds).flatMap(([kind, { sent, received }]) => {
      const old = before[other]?.[kind as PacketKind]
      const change = { sent: sent - (old?.sent ?? 0), received: received - (old?.received ?? 0) }
      return change.sent + change.received > 0 ? [[kind, change] as const] : []
    })
    return more.length > 0 ? [[other, Object.fromEntries(more)] as const] : []
  })
  return Object.fromEntries(grown)
}
