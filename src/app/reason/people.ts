/**
 * The tabs of the room by the names of their lives (peer ids), as reasoning calls them: what each is called and its colour. A tab
 * that has gone, or has come back as a new life, is still known under the old one.
 */
import { useEffect, useMemo, useRef } from 'react'
import type { DeviceView } from '../../node/state'
import { useDeviceColour } from '../colours/devices'
import { useNodeState } from '../node'
import { useWords } from '../words/words'

export interface Person {
  readonly peer: string
  readonly name: string
  readonly colour: string
  /** The same, to be read as text: the coordinator's sun is too bright for that. */
  readonly ink: string
  readonly isSelf: boolean
  readonly isGone: boolean
}

export interface People {
  /** This tab first. */
  readonly all: readonly Person[]
  readonly self: Person | null
  of(peer: string): Person
}

type Seen = Pick<DeviceView, 'key' | 'peer' | 'name' | 'isSelf'> & { readonly isGone: boolean }

export function usePeople(): People {
  const words = useWords()
  const colourOf = useDeviceColour()
  const former = useRef(new Map<string, Person>())
  // Compared as text: devices change with every step, who they are hardly ever.
  const seen = useNodeState(({ devices }) =>
    JSON.stringify(
      devices.map(
        ({ key, peer, name, isSelf, activity }): Seen => ({
          key,
          peer,
          name,
          isSelf,
          isGone: activity === 'gone',
        }),
      ),
    ),
  )
  const all = useMemo(() => {
    const people = (JSON.parse(seen) as Seen[]).map(({ key, ...one }) => ({
      ...one,
      ...coloursOf(colourOf(key)),
    }))
    return people.toSorted((a, b) => Number(b.isSelf) - Number(a.isSelf))
  }, [seen, colourOf])
  useEffect(() => {
    for (const person of all) former.current.set(person.peer, { ...person, isGone: true })
  }, [all])
  return useMemo(() => {
    const known = new Map(all.map((person) => [person.peer, person]))
    const unknown = {
      name: words.reason.unknown,
      ...coloursOf('var(--ink-soft)'),
      isSelf: false,
      isGone: true,
    }
    return {
      all,
      self: all.find(({ isSelf }) => isSelf) ?? null,
      of: (peer) => known.get(peer) ?? former.current.get(peer) ?? { ...unknown, peer },
    }
  }, [all, words])
}

const coloursOf = (colour: string) => ({
  colour,
  ink: colour === 'var(--sun)' ? 'var(--sun-text)' : colour,
})
