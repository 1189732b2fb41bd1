/** Typed events in a few lines: `Events` maps an event's name to its listener's arguments. */
export type Unsubscribe = () => void

export interface Emitter<Events extends Record<string, unknown[]>> {
  on<Name extends keyof Events>(name: Name, listener: (...event: Events[Name]) => void): Unsubscribe
  emit<Name extends keyof Events>(name: Name, ...event: Events[Name]): void
}

export function emitter<Events extends Record<string, unknown[]>>(): Emitter<Events> {
  const listeners: { [Name in keyof Events]?: Set<(...event: Events[Name]) => void> } = {}
  return {
    on(name, listener) {
      const set = listeners[name] ?? new Set()
      listeners[name] = set.add(listener)
      return () => set.delete(listener)
    },
    emit(name, ...event) {
      for (const listener of [...(listeners[name] ?? [])]) listener(...event)
    },
  }
}
