/** The piece that sends somebody away: the name of the reason, and nothing else. */
import { type Dismissal, dismissals } from '../network'
import { frameType, singlePiece } from './frames'

export const dismissalFrame = (why: Dismissal): Uint8Array =>
  singlePiece(frameType.dismissal, new TextEncoder().encode(why))

const longestBytes = 64

/** Null: no reason that is known here. */
export function readDismissal(payload: Uint8Array): Dismissal | null {
  if (payload.length > longestBytes) return null
  const text = new TextDecoder().decode(payload)
  return dismissals.find((known) => known === text) ?? null
}
