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
