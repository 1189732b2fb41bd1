/**
 * What drives a federation's reducer in a tab: one event after the other. Whatever an event needs before it counts (means of
 * adapters, which a worker makes) is awaited; then it is stored, and then its effects are done. What happens meanwhile, or
 * inside an effect, waits its turn, so an event's effects see its own state only, and the order of events is the order in
 * which they happened.
 */
import type { RoundHappening, Stamped, Unstamped } from '../../federation/events'
import type { Clock } from '../../network/time/clock'

/** Keeps what was made for an event, once that counts. */
export type Prepared = () => void

export interface EventLoopParts<State, Event extends Stamped, Effect> {
  readonly clock: Clock
  readonly step: (state: State, event: Event) => readonly [State, readonly Effect[]]
  /** Null where these effects need nothing before their event counts. */
  readonly prepare?: (effects: readonly Effect[]) => Promise<Prepared> | null
  /** The event counts: the state is the one after it. A promise: its effects wait until that is kept. */
  readonly counted?: (event: Event, effects: readonly Effect[]) => Promise<void> | null
  readonly perform: (effect: Effect) => void
  /** Everything that this event asked for is under way. */
  readonly settled?: () => void
  /** An event could not be prepared, and so has not happened. */
  readonly failed: (error: unknown) => void
}

/** What whoever reports an event does with it in its turn. */
export interface Turn {
  /** Before the reducer hears of it. */
  readonly before?: () => Promise<void>
  /** As soon as it counts, before it is stored and its effects are done. */
  readonly taken?: () => void
}

export class EventLoop<State, Event extends Stamped, Effect> {
  readonly #parts: EventLoopParts<State, Event, Effect>
  readonly #waiting: { readonly event: Event; readonly turn: Turn }[] = []
  #state: State
  #isBusy = false
  #isClosed = false

  constructor(state: State, parts: EventLoopParts<State, Event, Effect>) {
    this.#state = state
    this.#parts = parts
  }

  /** After the last event that counts. */
  get state(): State {
    return this.#state
  }

  happen(event: Unstamped<Event> | RoundHappening, turn: Turn = {}): void {
    const stamped = { atMs: this.#parts.clock.now(), ...event } as unknown as Event
    this.#waiting.push({ event: stamped, turn })
    if (!this.#isBusy) void this.#work()
  }

  /** Nothing happens any more. */
  close(): void {
    this.#isClosed = true
    this.#waiting.length = 0
  }

  /** Runs at once, unless something has to be awaited. */
  async #work(): Promise<void> {
    this.#isBusy = true
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        const { event, turn } = next
        if (turn.before && !(await this.#made(turn.before().then(() => nothing)))) continue
        const [state, effects] = this.#parts.step(this.#state, event)
        const preparing = this.#parts.prepare?.(effects)
        const prepared = preparing ? await this.#made(preparing) : nothing
        if (!prepared) continue
        if (this.#isClosed) return
        this.#state = state
        turn.taken?.()
        prepared()
        const keeping = this.#parts.counted?.(event, effects)
        if (keeping) await keeping
        if (this.#isClosed) return
        for (const effect of effects) this.#parts.perform(effect)
        this.#parts.settled?.()
      }
    } finally {
      this.#isBusy = false
    }
  }

  /** Null where it failed: the event has not happened. */
  #made(preparing: Promise<Prepared>): Promise<Prepared | null> {
    return preparing.catch((error: unknown) => {
      if (!this.#isClosed) this.#parts.failed(error)
      return null
    })
  }
}

const nothing: Prepared = () => {}
