/**
 * Drops of dew: one for each adapter on its way. A real transfer inside one machine takes a few milliseconds, too fast
 * to see, so each drop follows its bytes but takes at least `shortestMs` for its thread. Positions are written straight
 * to the elements, frame by frame, past React.
 */
import { useEffect, useRef, useState } from 'react'
import type { TransferView } from '../../../node/state'
import { useNode } from '../../node'
import type { Point } from './geometry'

const shortestMs = 900
const mostDrops = 40

interface Drop {
  readonly transfer: TransferView
  /** Share of the way shown so far. */
  readonly shown: number
  readonly landed: boolean
}

export type Way = (transfer: TransferView) => readonly [Point, Point] | null

export function useDrops(way: Way) {
  const { store } = useNode()
  const drops = useRef(new Map<string, Drop>())
  const elements = useRef(new Map<string, SVGGElement>())
  const currentWay = useRef(way)
  currentWay.current = way
  const [visible, setVisible] = useState<readonly TransferView[]>([])

  useEffect(() => {
    let frame = 0
    let before = 0
    const show = () => setVisible([...drops.current.values()].map(({ transfer }) => transfer))

    const move = (now: number) => {
      const mostStep = before ? Math.min(now - before, 100) / shortestMs : 0
      before = now
      let ended = false
      for (const [id, { transfer, shown, landed }] of drops.current) {
        const real = landed ? 1 : transfer.doneBytes / Math.max(transfer.totalBytes, 1)
        const next = Math.min(shown + mostStep, real)
        if (landed && next >= 1) {
          drops.current.delete(id)
          ended = true
          continue
        }
        drops.current.set(id, { transfer, shown: next, landed })
        place(elements.current.get(id), currentWay.current(transfer), next)
      }
      if (ended) show()
      frame = drops.current.size > 0 ? requestAnimationFrame(move) : 0
      if (frame === 0) before = 0
    }

    const follow = (transfers: readonly TransferView[]) => {
      const alive = new Set(transfers.map(({ id }) => id))
      let changed = false
      for (const [id, drop] of drops.current)
        if (!alive.has(id)) drops.current.set(id, { ...drop, landed: true })
      for (const transfer of transfers) {
        const known = drops.current.get(transfer.id)
        if (!known && (document.hidden || drops.current.size >= mostDrops)) continue
        drops.current.set(transfer.id, { transfer, shown: known?.shown ?? 0, landed: false })
        changed ||= !known
      }
      if (changed) show()
      if (frame === 0 && drops.current.size > 0) frame = requestAnimationFrame(move)
    }

    follow(store.getState().transfers)
    const unsubscribe = store.subscribe((state, earlier) => {
      if (state.transfers !== earlier.transfers) follow(state.transfers)
    })
    return () => {
      unsubscribe()
      cancelAnimationFrame(frame)
    }
  }, [store])

  const hold = (id: string) => (element: SVGGElement | null) => {
    if (element) elements.current.set(id, element)
    else elements.current.delete(id)
  }
  return { visible, hold }
}

/** A drop's group holds its trail, from where it set out to where it is, and the drop itself. */
function place(element: SVGGElement | undefined, way: readonly [Point, Point] | null, share: number) {
  if (!element || !way) return
  const [from, to] = way
  const eased = share * share * (3 - 2 * share)
  const now = { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased }
  const [trail, drop] = element.children
  for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: now.x, y2: now.y }))
    trail.setAttribute(name, String(value))
  drop.setAttribute('transform', `translate(${now.x} ${now.y})`)
  element.style.opacity = '1'
}
