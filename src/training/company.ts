/**
 * Sessions that share one pool, and whose passes run together: whatever waits when the machine becomes free is read in the next
 * pass, and what comes meanwhile in the one after. Nobody waits for a timer, and nobody for others who might still come. A pass
 * has so many rows at most; those are shared out anew each time, so that a long prompt goes on in chunks beside short ones. A
 * session that shares nothing is a company of one; its tokens may be chosen on the machine (model/continuation.ts).
 *
 * Source: Yu et al., Orca, OSDI 2022 (iteration-level scheduling).
 */
import { type Deferred, deferred } from '../lib/async'
import { Continuation, isChosenThere } from '../model/continuation'
import { type Pool, rowsAtOnce, type TextSlot } from '../model/pool'
import type { Choice } from '../model/sampling'
import { breathe } from './pace'
import type { PassRequest } from './session'
import type { Turns } from './turns'

export type Question = Pick<PassRequest, 'at' | 'input' | 'rows' | 'wanted'>

/** What came out of a text's rows, chunk after chunk; nothing where a cache was filled, or the token chosen on the machine. */
export interface Read {
  readonly results: readonly Float32Array[]
  readonly choice: Choice | null
  readonly milliseconds: number
}

interface Waiting {
  readonly slot: TextSlot
  readonly question: Question
  readonly answer: Deferred<Read>
  readonly results: Float32Array[]
  choice: Choice | null
  hasBegun: boolean
  /** Numbers of the input that were read. */
  done: number
  milliseconds: number
}

const unread = { hasBegun: false, done: 0, milliseconds: 0 }

export class Company {
  readonly pool: Pool
  readonly #turns: Turns
  readonly #isShared: boolean
  /** In the order in which they came. */
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null
  #members = 0
  /** Of a company of one, whose tokens are chosen on the machine. */
  #continuation: Continuation | null = null

  constructor(pool: Pool, turns: Turns, isShared: boolean) {
    this.pool = pool
    this.#turns = turns
    this.#isShared = isShared
  }

  /** Whether the last has left: nobody may join any more. */
  get isOver(): boolean {
    return this.#members === 0
  }

  /** A slot for one more text. Rejects where there is no memory for it. */
  async join(): Promise<TextSlot> {
    this.#members++ // before anything is awaited: the others may leave meanwhile
    try {
      for (;;) {
        const slot = this.pool.take()
        if (slot) return slot
        await this.pool.grow()
      }
    } catch (problem) {
      this.#oneLess()
      throw problem
    }
  }

  /** A text's next rows. Those of one text are read in the order in which they came. */
  pass(slot: TextSlot, question: Question): Promise<Read> {
    const answer = deferred<Read>()
    this.#waiting.push({ slot, question, answer, results: [], choice: null, ...unread })
    this.#running ??= this.#run()
    return answer.promise
  }

  /** Rejects what the text waits for, also what is being computed, and gives its slot away. */
  leave(slot: TextSlot, reason: Error): void {
    for (const one of this.#waiting.filter((one) => one.slot === slot)) this.#over(one).reject(reason)
    this.pool.close(slot)
    this.#oneLess()
  }

  /** The last one's pass may be under way. */
  #oneLess(): void {
    this.#members--
    if (this.isOver) void Promise.resolve(this.#running).then(() => this.pool.dispose())
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Where a machine computes in this thread, requests wait in its queue of messages: they are let in first.
      await (this.#isShared ? breathe() : null)
      await this.#turns.during(() => this.#passNext())
    }
    this.#running = null
  }

  async #passNext(): Promise<void> {
    const first = this.#waiting.at(0)
    if (!first) return // who waited has left
    try {
      const continuation = this.#isShared ? null : this.#continuationFor(first)
      if (continuation) await this.#goOn(first, continuation)
      else await this.#passTogether()
    } catch (problem) {
      // A question that cannot even be begun fails by itself: those behind it are answered.
      if (this.#waiting.includes(first)) this.#over(first).reject(problem as Error)
    }
  }

  /** How one token more is chosen on the machine; null where rows must be read. */
  #continuationFor(one: Waiting): Continuation | null {
    const { wanted, at, input } = one.question
    const id = input[0]
    if (
      wanted.kind === 'choices' &&
      input.length === 1 &&
      this.#continuation?.goesOnWith(at, id, wanted.draw)
    )
      return this.#continuation
    this.#continuation = null
    if (wanted.kind !== 'choices' || input.length !== 1 || !isChosenThere(this.pool, wanted.draw)) return null
    if (this.#begins(one)) this.#continuation = new Continuation(this.pool, one.slot, id, wanted.draw)
    return this.#continuation
  }

  async #goOn(one: Waiting, continuation: Continuation): Promise<void> {
    const { wanted } = one.question
    const beganAtMs = performance.now()
    try {
      one.choice = await continuation.next((wanted.kind === 'choices' && wanted.ahead) || 0)
      one.milliseconds = performance.now() - beganAtMs
      this.#over(one).resolve(one)
    } catch (problem) {
      this.#continuation = null
      this.#over(one).reject(problem as Error)
    }
  }

  /** One pass over what waits now. */
  async #passTogether(): Promise<void> {
    const together = this.#firstOfEach().filter((one) => this.#begins(one))
    const { rowSize } = this.pool
    const shares = sharesOf(
      together.map(({ question, done }) => (question.input.length - done) / rowSize),
      rowsAtOnce,
    )
    const chunks = together
      .map((one, place) => {
        const input = one.question.input.slice(one.done, one.done + shares[place] * rowSize)
        return { one, slot: one.slot, input, wanted: one.question.rows }
      })
      .filter(({ input }) => input.length > 0)
    if (chunks.length === 0) return
    const beganAtMs = performance.now()
    let results: readonly Float32Array[] = []
    try {
      if (isFilling(chunks[0].one)) await this.pool.fill(chunks)
      else results = await this.pool.read(chunks)
    } catch (problem) {
      if (chunks.some(({ one }) => !this.#waiting.includes(one))) return // one has left: the others try again
      for (const { one } of chunks) this.#over(one).reject(problem as Error)
      return
    }
    const milliseconds = performance.now() - beganAtMs
    for (const [place, { one, input, wanted }] of chunks.entries()) {
      one.done += input.length
      one.milliseconds += milliseconds
      const isLast = one.done === one.question.input.length
      if (results.length > 0 && (wanted === 'each' || isLast)) one.results.push(results[place])
      if (isLast) this.#over(one).resolve(one)
    }
  }

  /** Of each text what it waits for first; rows that are read and rows that are filled do not go together. */
  #firstOfEach(): Waiting[] {
    const slots = new Set<TextSlot>()
    const firsts = this.#waiting.filter(({ slot }) => !slots.has(slot) && slots.add(slot))
    return firsts.filter((one) => isFilling(one) === isFilling(firsts[0]))
  }

  /** Whether rows of it are to be read: what cannot be, and what has none, is answered here. */
  #begins(one: Waiting): boolean {
    if (one.hasBegun) return true
    one.hasBegun = true
    const { slot, question } = one
    try {
      this.pool.trim(slot, question.at)
      if (question.input.length === 0) this.#over(one).resolve(one)
      else this.pool.rowsFor(slot, question.input)
      return question.input.length > 0
    } catch (problem) {
      this.#over(one).reject(problem as Error)
      return false
    }
  }

  #over(one: Waiting): Deferred<Read> {
    this.#waiting = this.#waiting.filter((other) => other !== one)
    return one.answer
  }
}

const isFilling = ({ question }: Waiting): boolean => question.wanted.kind === 'filled'

/**
 * How many of their rows those who wait may read in a pass of `most`: equal shares, and what somebody does not need goes to
 * those who need more. So the shortest are done in one pass, and the longest always goes on. Where there are more than `most`,
 * the first have one each.
 */
export function sharesOf(waiting: readonly number[], most: number): number[] {
  const shares = waiting.map(() => 0)
  const leastFirst = [...waiting.keys()].slice(0, most).sort((one, other) => waiting[one] - waiting[other])
  let left = most
  for (const [served, one] of leastFirst.entries()) {
    shares[one] = Math.min(waiting[one], Math.floor(left / (leastFirst.length - served)))
    left -= shares[one]
  }
  return shares
}
