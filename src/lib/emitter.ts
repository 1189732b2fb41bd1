/** Typed events in a few lines: `Events` maps an event's name to its listener's arguments. */
export type Unsubscribe = () => void

export interface Emitter<Events extends Record<string, unknown[]>> {
  on<Name extends keyof Events>(name: Name, listener: (...event: Events[Name]) => void): Unsubscribe
  emit<Name extends keyof Events>(name: Name, ...event: Events[Name]): void
}

export function emitter<Events extends Record<string, unknown[]>>(): Emitter<Events> {
  /** Lists that never change: whoever begins or ceases to listen makes a new one, so that an event goes to those who listened. */
  const listeners: { [Name in keyof Events]?: readonly ((...event: Events[Name]) => void)[] } = {}
  return {
    on(name, listener) {
      listeners[name] = [...without(listeners[name], listener), listener]
      return () => {
        listeners[name] = without(listeners[name], listener)
      }
    },
    emit(name, ...event) {
      for (const listener of listeners[name] ?? []) listener(...event)
    },
  }
}

const without = <Listener>(all: readonly Listener[] = [], one: Listener): Listener[] =>
  all.filter((other) => other !== one)
