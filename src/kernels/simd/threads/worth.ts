/**
 * Whether help is worth it: how many threads a program's next run should have. Cores that are offered may be busy with what nobody here
 * knows of, other browsers and other programs; then threads wait for each other's turn, and one alone is faster. So both ways are
 * timed, each run by the one that takes less, and now and then by the other, which may have become better meanwhile.
 */

/** A run in so many is by the way that took longer; in the beginning, when little is known, more of them are. */
const again = 32
const early: ReadonlySet<number> = new Set([4, 8, 16])
/** How much the newest run by the better way counts against all before; of the other way the newest is all that is known. */
const newest = 0.25

export class Worth {
  #aloneMs: number | null = null
  #togetherMs: number | null = null
  /** What `#togetherMs` was measured with. */
  #offered = 1
  #runs = 0

  /** How many threads the next run should have, of those that are offered. */
  threads(offered: number): number {
    if (offered === 1) return 1
    if (offered !== this.#offered) this.#togetherMs = null
    this.#offered = offered
    if (this.#togetherMs === null) return offered
    if (this.#aloneMs === null) return 1
    const isLooking = this.#runs % again === 0 || early.has(this.#runs)
    return this.#isAloneBetter() === isLooking ? offered : 1
  }

  /** A run by so many took so long. */
  ran(threads: number, milliseconds: number): void {
    // The first of all also writes calls down, and finds nothing in the caches: it is no measure of either way.
    if (this.#runs++ === 0) return
    const isBetter = (threads === 1) === this.#isAloneBetter()
    const after = (before: number | null): number =>
      before !== null && isBetter ? before + newest * (milliseconds - before) : milliseconds
    if (threads === 1) this.#aloneMs = after(this.#aloneMs)
    else if (threads === this.#offered) this.#togetherMs = after(this.#togetherMs)
  }

  #isAloneBetter(): boolean {
    return this.#aloneMs !== null && this.#togetherMs !== null && this.#aloneMs < this.#togetherMs
  }
}
