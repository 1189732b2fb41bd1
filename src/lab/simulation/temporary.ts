/** TEMPORARY until keys and signatures come from an injected identity: time waits for real cryptography. */
import type { VirtualClock } from '../../network/time/virtual-clock'

let current: VirtualClock | null = null
for (const name of ['sign', 'verify', 'importKey', 'exportKey', 'generateKey'] as const) {
  const original = crypto.subtle[name].bind(crypto.subtle) as (...args: unknown[]) => Promise<unknown>
  const held = (...args: unknown[]) => (current ? current.holds(original(...args)) : original(...args))
  Object.defineProperty(crypto.subtle, name, { value: held, configurable: true })
}
export const holdCryptography = (clock: VirtualClock): void => {
  current = clock
}
