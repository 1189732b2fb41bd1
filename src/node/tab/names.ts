/**
 * Names of tabs: one that follows from a tab's key, so that a reload finds it again, and numbers where several bear it.
 */
import { sha256Hex } from '../../lib/hash'
import { nameLimit } from '../../network/introduction'

const animals = (
  'Otter Heron Lynx Badger Swift Marten Robin Ibex Newt Plover Hare Osprey Vole Finch Stoat Egret ' +
  'Dormouse Kestrel Beaver Wren Adder Curlew Roe Siskin Weasel Avocet Mole Tern Ermine Dunlin Polecat Serin'
).split(' ')

export const nameFor = (key: string): string =>
  animals[Number.parseInt(sha256Hex(new TextEncoder().encode(key)).slice(0, 8), 16) % animals.length]

/** The name; where others in the room bear it already, with the first number that nobody has, and never too long. */
export function distinctName(wanted: string, others: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? '' : ` ${number}`
    const name = wanted.slice(0, nameLimit - end.length) + end
    if (!others.has(name)) return name
  }
}
