/** What a device has sent and received, where this tab knows it. */
import type { DeviceView } from '../../node/state'

interface Traffic {
  readonly sent: number
  readonly received: number
}

/** Null: it speaks with an edge, and what the two exchange passes by those who count. */
export const trafficOf = ({ key, edge, isSelf, bytesSent, bytesReceived }: DeviceView): Traffic | null =>
  edge !== null && edge !== key && !isSelf ? null : { sent: bytesSent, received: bytesReceived }
