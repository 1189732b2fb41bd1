/**
 * A text that goes on by itself, token after token, each chosen on the machine (programs/continuing.ts). The ids are always those
 * that the processor would choose: where the best score is not far enough ahead for floats to tell (kernels/choosing/doubt.ts), the
 * row of logits is read and the processor chooses, and if it chooses otherwise, what came after is forgotten and made again.
 *
 * A GPU computes beside this thread. There steps are started before anybody waits for them, eight for each reading, and two readings
 * are under way, so that it never waits for a reading either. WebAssembly computes in this thread: one step, when it is asked for.
 */
import { drawNumbers } from '../kernels/choosing/chooseToken'
import { factors, leastGap } from '../kernels/choosing/doubt'
import type { Pool, TextSlot } from './pool'
import { mostReadings, trailLength } from './programs/continuing'
import { type Choice, choose, type Draw } from './sampling'

type GoingOn = Pick<Pool, 'backend' | 'stretch' | 'capacity' | 'goOn' | 'readAgain' | 'trim'>

/** Steps that were started together. */
interface Burst {
  readonly trail: Promise<Float32Array>
  readonly steps: number
  /** So many of its tokens were given out. */
  given: number
}

/** Whether tokens of this draw can be chosen where the logits are. Which tokens are likely enough only the processor finds out. */
export function isChosenThere(
  { backend, stretch }: Pick<GoingOn, 'backend' | 'stretch'>,
  { temperature, topK = 0, topP = 1 }: Draw,
): boolean {
  const factor = temperature === 0 ? 1 : 1 / temperature
  const fits = factor >= factors.least && factor <= factors.most && topK <= 0 && topP >= 1
  return fits && backend !== 'cpu' && stretch.reads === 'ids' && stretch.gives === 'logits'
}

export class Continuation {
  readonly #pool: GoingOn
  readonly #slot: TextSlot
  readonly #bursts: Burst[] = []
  /** Of the token that comes next. */
  #draw: Draw
  /** The token before that, and where it stands. */
  #id: number
  #position: number
  /** Whether the machine goes on with what it chose last, or must be told the token. */
  #isUnderWay = false

  /** The pool's only text goes on from a token that it has not read yet. @param draw of the token after it */
  constructor(pool: GoingOn, slot: TextSlot, id: number, draw: Draw) {
    this.#pool = pool
    this.#slot = slot
    this.#id = id
    this.#position = slot.position
    this.#draw = draw
  }

  /** Whether `next` gives what follows `id` at this position, drawn so. */
  goesOnWith(position: number, id: number, draw: Draw): boolean {
    const { temperature, seed, position: drawn } = this.#draw
    const isSame = draw.temperature === temperature && draw.seed === seed && draw.position === drawn
    return isSame && isChosenThere(this.#pool, draw) && position === this.#position && id === this.#id
  }

  /** The next token. @param ahead so many more are expected to be asked for, at most */
  async next(ahead: number): Promise<Choice> {
    await this.#start(1 + ahead)
    const [burst] = this.#bursts
    if (!burst)
      throw new RangeError(`A decoder of ${this.#pool.capacity} positions cannot read 1 more after them.`)
    const trail = await burst.trail
    const [id, gap, largest] = trail.subarray(3 * burst.given, 3 * burst.given + 3)
    burst.given++
    if (burst.given === burst.steps) this.#bursts.shift()
    const isSure = gap > leastGap(largest, this.#draw.temperature)
    const choice = isSure ? { id, gap } : await this.#choose()
    if (choice.id !== id) this.#forget()
    this.#id = choice.id
    this.#position++
    this.#draw = { ...this.#draw, position: this.#draw.position + 1 }
    return choice
  }

  /** Starts as many steps as may be under way, of those that are wanted. */
  async #start(wanted: number): Promise<void> {
    const isBeside = this.#pool.backend === 'webgpu'
    const [readings, steps] = isBeside ? [mostReadings, trailLength] : [1, 1]
    while (this.#bursts.length < readings) {
      const started = this.#bursts.reduce((sum, { steps, given }) => sum + steps - given, 0)
      const room = this.#pool.capacity - this.#slot.position
      const count = Math.min(steps, wanted - started, room)
      if (count <= 0) return
      const draws = Array.from({ length: count }, (_, place) =>
        drawNumbers({ ...this.#draw, position: this.#draw.position + started + place }, place),
      )
      const { trail } = await this.#pool.goOn(this.#slot, this.#isUnderWay ? null : this.#id, draws)
      trail.catch(() => {}) // whoever asks for the token hears of it
      this.#isUnderWay = true
      this.#bursts.push({ trail, steps: count, given: 0 })
    }
  }

  /** The processor's choice. */
  async #choose(): Promise<Choice> {
    return choose(await this.#pool.readAgain(this.#slot, this.#position, this.#id), this.#draw)
  }

  /** What was started beyond the token that was chosen now went another way. */
  #forget(): void {
    this.#bursts.length = 0
    this.#isUnderWay = false
    this.#pool.trim(this.#slot, this.#position + 1)
  }
}
