/**
 * Who a tab is. Its key survives a reload (session storage) but is never shared by two tabs: a duplicated tab, which
 * copies session storage, finds the key's lock taken and makes its own.
 */
import { randomHex } from '../../network/identity/identity'
import { webIdentity } from '../../network/identity/web-crypto'

const newKey = (): string => randomHex(webIdentity, 8)

/** As `newKey` makes them: anything else that lies in the storage is no key, and others would refuse it. */
export const isTabKey = (stored: string | null): stored is string =>
  stored !== null && /^[0-9a-f]{16}$/.test(stored)

/** This tab's key for that part in that room. Held for as long as the tab lives. */
export async function tabKey(purpose: string): Promise<string> {
  const place = `gossamer-key ${purpose}`
  const stored = sessionStorage.getItem(place)
  const remembered = isTabKey(stored) ? stored : null
  const key = remembered && (await hold(remembered)) ? remembered : newKey()
  if (key !== remembered) await hold(key)
  sessionStorage.setItem(place, key)
  return key
}

/** True where no other tab holds the key. Without Web Locks (plain http) nobody can tell, and it is taken as free. */
function hold(key: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true)
  return new Promise((resolve) => {
    void navigator.locks.request(`gossamer-tab ${key}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock ? new Promise(() => {}) : undefined
    })
  })
}
