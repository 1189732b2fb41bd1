/**
 * An emitter that keeps events of a kind until somebody listens to that kind for the first time: a room is already alive
 * before whoever opened it had a chance to attach a listener.
 */
import { type Emitter, emitter } from '../../lib/emitter'
import type { Clock } from '../time/clock'

const backlogLimit = 256

export function patientEmitter<Events extends Record<string, unknown[]>>(clock: Clock): Emitter<Events> {
  const inner = emitter<Events>()
  const backlog = new Map<keyof Events, (() => void)[]>()
  const awake = new Set<keyof Events>()
  return {
    on(name, listener) {
      const unsubscribe = inner.on(name, listener)
      if (!awake.has(name))
        clock.after(0, () => {
          awake.add(name)
          for (const deliver of backlog.get(name) ?? []) deliver()
          backlog.delete(name)
        })
      return unsubscribe
    },
    emit(name, ...event) {
      if (awake.has(name)) return inner.emit(name, ...event)
      const waiting = backlog.get(name) ?? []
      if (waiting.length < backlogLimit) waiting.push(() => inner.emit(name, ...event))
      backlog.set(name, waiting)
    },
  }
}
