/** Timers for `clock.ts`: nothing but setTimeout, in a thread that browsers do not slow down when the tab is hidden. */
import type { ClockRequest } from './clock'

const running = new Map<number, ReturnType<typeof setTimeout>>()

globalThis.addEventListener('message', ({ data: request }: MessageEvent<ClockRequest>) => {
  if (request.type === 'cancel') {
    clearTimeout(running.get(request.timer))
    running.delete(request.timer)
    return
  }
  const ring = () => {
    running.delete(request.timer)
    globalThis.postMessage(request.timer)
  }
  running.set(request.timer, setTimeout(ring, request.delayMs))
})
