/**
 * Phones stop hidden pages. While a phone trains, its screen is kept on; when its page is hidden all the same, the room
 * is told that it pauses, and again when it is back. Computers train on in hidden tabs and need none of this.
 */
const isPhone = (): boolean => matchMedia('(pointer: coarse)').matches

export function keepAwake(onPause: (isPaused: boolean) => void): () => void {
  if (!isPhone()) return () => {}
  let lock: WakeLockSentinel | null = null
  const ask = () => {
    // Refused on low battery: the page still says “keep this screen on”.
    navigator.wakeLock?.request('screen').then(
      (sentinel) => {
        lock = sentinel
      },
      () => {},
    )
  }
  const onChange = () => {
    onPause(document.hidden)
    if (!document.hidden) ask()
  }
  ask()
  document.addEventListener('visibilitychange', onChange)
  return () => {
    document.removeEventListener('visibilitychange', onChange)
    void lock?.release()
  }
}

export function watchSight(tell: (isInSight: boolean) => void): () => void {
  const look = () => tell(!document.hidden)
  document.addEventListener('visibilitychange', look)
  look()
  return () => document.removeEventListener('visibilitychange', look)
}

/** Of a battery's charge. */
const nearlyEmpty = 0.2

interface Battery extends EventTarget {
  /** From 0 to 1. */
  readonly level: number
  readonly charging: boolean
}

/** Only Chromium says how full a battery is; elsewhere nobody knows, and nothing is spared. */
export function watchPower(tell: (isLow: boolean) => void): () => void {
  if (!('getBattery' in navigator)) return () => {}
  let stop = () => {}
  let isOver = false
  const watch = (battery: Battery) => {
    if (isOver) return
    const look = () => tell(!battery.charging && battery.level <= nearlyEmpty)
    for (const change of ['levelchange', 'chargingchange']) battery.addEventListener(change, look)
    stop = () => {
      for (const change of ['levelchange', 'chargingchange']) battery.removeEventListener(change, look)
    }
    look()
  }
  const { getBattery } = navigator as Navigator & { getBattery(): Promise<Battery> }
  // Refused in some frames: then nobody knows, either.
  getBattery.call(navigator).then(watch, () => {})
  return () => {
    isOver = true
    stop()
  }
}
