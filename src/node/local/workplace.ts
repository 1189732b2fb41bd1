/**
 * What a device works with: the room's model in an engine, its private text on that engine's shelves, and training over
 * both. It is set up when the room says what is run, and anew when that changes; the text is taken up again then.
 */
import type { BasePrecision } from '../../federation/resources/allocation'
import { type Emitter, emitter } from '../../lib/emitter'
import { sameEngine, sameText } from '../../settings/changing'
import type { Settings } from '../../settings/table'
import type { Storage } from '../stored/storage'
import { type Engine, mostLayersOf, type OpenCompute, showLoading, type Tab } from '../tab/tab'
import { openRoomModel } from './roomModel'
import { type Choice, chosenText, type HeldShare, holdText, shareOf } from './text'
import { type Training, trainingOf } from './training'

type Events = {
  /** Another engine is here; null: the last one is going, and everything that was made with it. */
  engine: [engine: Engine | null]
}

export interface Workplace {
  readonly on: Emitter<Events>['on']
  engine(): Engine | null
  held(): HeldShare | null
  training(): Training | null
  /** This device's place in the room; -1 before it is admitted. */
  index(): number
  /** Loads model and text, unless they are there. Throws a `ModelUnavailable`. */
  setUp(before: Settings, room: { readonly index: number; readonly modelHash: string }): Promise<void>
  /** Trains on other text from now on. */
  hold(choice: Choice): Promise<void>
  /**
   * Keeps the frozen base in so many bits: where it is kept packed, and where nobody has asked for certain ones, the
   * model is loaded again.
   */
  keepBaseAs(precision: BasePrecision): Promise<void>
  close(): void
}

const lendsOnly =
  'This tab was opened with layers=N: it lends a part of the model to others and trains nothing. Open it without that to train on text.'

export function workplaceOf(tab: Tab, storage: Storage, openCompute: OpenCompute): Workplace {
  const events = emitter<Events>()
  let engine: Engine | null = null
  let held: HeldShare | null = null
  let training: Training | null = null
  let index = -1
  const settings = (): Settings => tab.store.getState().settings

  function close(): void {
    engine?.close()
    engine = null
    events.emit('engine', null)
  }

  async function open(precision: Settings['precision'], modelHash: string): Promise<void> {
    close()
    const choice = await textToTakeUp()
    const { batch } = settings()
    const first = choice ? shareOf(settings(), index, choice).train.slice(0, batch) : []
    engine = await openRoomModel(tab, openCompute, { ...settings(), precision }, modelHash, first)
    events.emit('engine', engine)
    if (choice) await hold(choice)
  }

  async function textToTakeUp(): Promise<Choice | null> {
    if (mostLayersOf(settings()) !== undefined) return null // it lends layers, and trains nothing
    return chosenText(tab, storage, settings())
  }

  async function hold(choice: Choice): Promise<void> {
    if (!engine) throw new Error('This tab is still getting ready. Try again in a moment.')
    if (mostLayersOf(settings()) !== undefined) throw new Error(lendsOnly)
    held = await holdText(tab, engine.compute, showLoading(tab), settings(), index, choice)
    training = trainingOf(engine, settings, index, held.share)
  }

  return {
    on: events.on,
    engine: () => engine,
    held: () => held,
    training: () => training,
    index: () => index,
    hold,
    close,
    async setUp(before, room) {
      // Whoever holds no text has nothing that follows from its place.
      const isInPlace = held === null || index === room.index
      const isSame = engine !== null && sameEngine(before, settings()) && isInPlace
      index = room.index
      tab.setDevice(tab.selfKey, { index })
      if (!isSame) await open(settings().precision, room.modelHash)
      else if (!sameText(before, settings())) {
        const choice = await textToTakeUp()
        if (choice) await hold(choice)
      }
    },
    async keepBaseAs(precision) {
      const opened = engine?.opened
      if (opened?.backend !== 'webgpu' || settings().precision !== 'auto' || opened.precision === precision)
        return
      const { phase } = tab.store.getState()
      await open(precision, opened.modelHash)
      tab.set({ phase })
    },
  }
}
