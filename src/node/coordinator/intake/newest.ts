/**
 * Of what devices say again and again only the newest counts. It is acted on at once where nothing was said lately, and
 * else when its time has come, so that neither the page nor the log grows with how often somebody changes its mind.
 */
import type { DeviceKey } from '../../../federation/types'
import type { Cancel, Clock } from '../../../network/time/clock'

export interface Newest<Said> {
  say(device: DeviceKey, said: Said): void
  /** It has left: what still waits is not acted on. */
  forget(device: DeviceKey): void
}

interface Waiting<Said> {
  said: Said | null
  readonly cancel: Cancel
}

/**
 * @param act whether anything came of it: only then the next has to wait
 * @param together what is left of two things of which neither has been acted on; the later alone where nothing is said
 */
export function newestOf<Said extends object>(
  clock: Clock,
  everyMs: number,
  act: (device: DeviceKey, said: Said) => boolean,
  together: (before: Said, after: Said) => Said = (_, after) => after,
): Newest<Said> {
  const waiting = new Map<DeviceKey, Waiting<Said>>()

  function actNow(device: DeviceKey, said: Said): void {
    if (act(device, said))
      waiting.set(device, { said: null, cancel: clock.after(everyMs, () => timeIsUp(device)) })
  }
  function timeIsUp(device: DeviceKey): void {
    const said = waiting.get(device)?.said
    waiting.delete(device)
    if (said) actNow(device, said)
  }

  return {
    say(device, said) {
      const before = waiting.get(device)
      if (!before) return actNow(device, said)
      before.said = before.said ? together(before.said, said) : said
    },
    forget(device) {
      waiting.get(device)?.cancel()
      waiting.delete(device)
    },
  }
}
