/**
 * Time as the network sees it: what o'clock it is, and "call me later". In a page the timers run in a small worker,
 * because those of a hidden tab's main thread come once a second, or once a minute. Tests turn the hands themselves.
 */
export type Cancel = () => void

export interface Clock {
  /** Milliseconds since the epoch, with fractions; never going back, whoever sets the computer's clock. */
  now(): number
  /** `delayMs` 0: soon, but not inside what happens now. */
  after(delayMs: number, action: () => void): Cancel
}

export type ClockRequest =
  | { readonly type: 'after'; readonly timer: number; readonly delayMs: number }
  | { readonly type: 'cancel'; readonly timer: number }

let shared: Clock | null = null

/** This tab's clock. Where there are no workers (Node), plain timers. */
export function tabClock(): Clock {
  shared ??= typeof Worker === 'undefined' ? plainClock() : workerClock()
  return shared
}

const epochMs = (): number => performance.timeOrigin + performance.now()

const plainClock = (): Clock => ({
  now: epochMs,
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs)
    return () => clearTimeout(timer)
  },
})

function workerClock(): Clock {
  const worker = new Worker(new URL('./clock.worker.ts', import.meta.url), { type: 'module', name: 'clock' })
  const actions = new Map<number, () => void>()
  let lastTimer = 0
  const ask = (request: ClockRequest) => worker.postMessage(request)
  worker.addEventListener('message', ({ data: timer }: MessageEvent<number>) => {
    const action = actions.get(timer)
    actions.delete(timer)
    action?.()
  })
  return {
    now: epochMs,
    after(delayMs, action) {
      const timer = ++lastTimer
      actions.set(timer, action)
      ask({ type: 'after', timer, delayMs })
      return () => {
        if (actions.delete(timer)) ask({ type: 'cancel', timer })
      }
    },
  }
}

/** Settles like `promise`, or rejects with `message` when that takes too long. */
export function within<T>(clock: Clock, limitMs: number, promise: Promise<T>, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => reject(new Error(message)))
    promise.then(resolve, reject).finally(cancel)
  })
}

/** Runs an action at once, and again and again at most so often: the last call is never lost. */
export function atMostEvery(clock: Clock, periodMs: () => number, action: () => void): () => void {
  let isResting = false
  let isWanted = false
  const act = () => {
    isResting = true
    isWanted = false
    clock.after(periodMs(), () => {
      isResting = false
      if (isWanted) act()
    })
    action()
  }
  return () => {
    if (isResting) isWanted = true
    else act()
  }
}

/** Runs an action a while after it was called, and once for all calls meanwhile. */
export function aWhileAfter(clock: Clock, delayMs: () => number, action: () => void): () => void {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    clock.after(delayMs(), () => {
      isDue = false
      action()
    })
  }
}
