/**
 * Who a tab is. Its key survives a reload (session storage) but is never shared by two tabs: a duplicated tab, which
 * copies session storage, finds the key's lock taken and makes its own. Its name follows from the key.
 */
import { sha256Hex } from '../lib/hash'

const animals = (
  'Otter Heron Lynx Badger Swift Marten Robin Ibex Newt Plover Hare Osprey Vole Finch Stoat Egret ' +
  'Dormouse Kestrel Beaver Wren Adder Curlew Roe Siskin Weasel Avocet Mole Tern Ermine Dunlin Polecat Serin'
).split(' ')

export const nameFor = (key: string): string =>
  animals[Number.parseInt(sha256Hex(new TextEncoder().encode(key)).slice(0, 8), 16) % animals.length]

/** The name; where others in the room bear it already, with the first number that nobody has. */
export function distinctName(wanted: string, others: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`
    if (!others.includes(name)) return name
  }
}

const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** This tab's key for that part in that room. Held for as long as the tab lives. */
export async function tabKey(purpose: string): Promise<string> {
  const place = `gossamer-key ${purpose}`
  const remembered = sessionStorage.getItem(place)
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
