/**
 * Whether this browser finds an address for direct connections at all. Chromium gathers none on a machine without a
 * default route, and then waits for ever without an error: two tabs on a laptop in airplane mode cannot use WebRTC.
 */
import type { Clock } from '../../time/clock'

const limitMs = 1_500

export function hasCandidates(clock: Clock): Promise<boolean> {
  if (typeof RTCPeerConnection === 'undefined') return Promise.resolve(false)
  return new Promise((resolve) => {
    const pc = new RTCPeerConnection({ iceServers: [] })
    const end = (found: boolean) => {
      cancel()
      pc.close()
      resolve(found)
    }
    const cancel = clock.after(limitMs, () => end(false))
    pc.addEventListener('icecandidate', ({ candidate }) => candidate?.candidate && end(true))
    pc.createDataChannel('probe')
    pc.setLocalDescription().catch(() => end(false))
  })
}
