/**
 * Which key a tab is. The pair lies in IndexedDB, where no script can read its private half; that this tab is its owner stands
 * in session storage, which survives a reload. Two tabs never share one: a duplicated tab, which copies session storage,
 * finds the key's lock taken and makes its own.
 */
import type { SigningKey } from '../../network/identity/identity'
import { webIdentity } from '../../network/identity/web-crypto'
import type { Storage } from '../stored/storage'

/** As keys are called: anything else that lies in the storage names none. */
export const isKeyName = (stored: string | null): stored is string =>
  stored !== null && /^[0-9a-f]{32}$/.test(stored)

/** This tab's key for that part in that room. Held for as long as the tab lives. */
export async function tabKey(
  purpose: string,
  storage: Storage,
): Promise<{ readonly signingKey: SigningKey; readonly damage: string | null }> {
  const place = `gossamer-key ${purpose}`
  const stored = sessionStorage.getItem(place)
  const isOurs = isKeyName(stored) && (await hold(stored))
  const { value: kept, damage } = isOurs ? await storage.loadKey(stored) : nothing
  if (kept) return { signingKey: kept, damage }
  const signingKey = await webIdentity.makeSigningKey()
  const name = webIdentity.nameOf(await webIdentity.publicKeyOf(signingKey))
  await hold(name)
  // A browser that keeps nothing forgets who this tab was; the page says that a reload would lose its part.
  await storage.saveKey(name, signingKey).catch(() => {})
  sessionStorage.setItem(place, name)
  return { signingKey, damage }
}

const nothing = { value: null, damage: null } as const

/** True where no other tab holds the key. A page without Web Locks is one without keys, too. */
function hold(name: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true)
  return new Promise((resolve) => {
    void navigator.locks.request(`gossamer-tab ${name}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock ? new Promise(() => {}) : undefined
    })
  })
}
