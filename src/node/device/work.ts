/**
 * What a device does, one piece after the other: it sets up what the room runs, trains its copy of the adapter on its private
 * text, and sends back what changed. A round that closed without this device is dropped as soon as the next version arrives.
 */

import { isPersonal } from '../../federation/compatibility'
import { messageOf } from '../../lib/messageOf'
import type { Clock } from '../../network/time/clock'
import { isSpeedAsked } from '../../settings/derived/federationConfig'
import { federatingOf } from '../../settings/derived/merging'
import { comparesAlone } from '../../settings/derived/privacy'
import { settledIn } from '../../settings/ownership'
import { parseSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { TrainProgress } from '../../training/compute'
import type { Choice } from '../local/text'
import type { Workplace } from '../local/workplace'
import type { Storage } from '../stored/storage'
import { addLossPoint } from '../tab/lossCurve'
import { ModelUnavailable, type Tab } from '../tab/tab'
import type { FromCoordinator, FromDevice, Order, Report } from '../wire/messages'
import type { Arrivals } from './arrivals'
import type { Auditing } from './auditing'
import type { Discretion } from './discretion'
import type { Holding } from './holding'
import type { Masking } from './masking'
import { isLastTurn, isSurvey, withinRound } from './orders'
import type { Reply } from './outbox'
import { finite, resultsOf, type SendResult } from './results'

const statusEveryMs = 200

type Status = FromDevice & { type: 'status' }
type Activity = Status['activity']

export interface WorkParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly storage: Storage
  readonly workplace: Workplace
  readonly holding: Holding
  readonly arrivals: Arrivals
  readonly discretion: Discretion
  readonly auditing: Auditing
  readonly masking: Masking
  /** To the coordinator. */
  readonly say: Reply
  /** What this tab may use of the device's memory; null: nobody knows. */
  readonly memoryBytes: number | null
}

export class Work {
  readonly #parts: WorkParts
  readonly #send: SendResult
  /** What this tab's address said, and what its person has chosen since. */
  #own: Settings
  #queue: Promise<void> = Promise.resolve()
  /** Where this device stands, as it will be told. */
  #unsaid: Status | null = null
  /** Said again to a coordinator that comes back: what it had not published it measures anew. */
  #lastReport: Report | null = null

  constructor(parts: WorkParts) {
    this.#parts = parts
    this.#own = parts.tab.store.getState().settings
    this.#send = resultsOf({
      ...parts,
      settings: () => this.#settings(),
      examples: () => this.#examples(),
      show: (activity) => this.show(activity),
    })
  }

  /** The room says what is run. `settled` is called once that is here. */
  settleIn(welcome: FromCoordinator & { type: 'welcome' }, settled: () => void): void {
    this.#then(async () => {
      const { tab, workplace, say } = this.#parts
      const { baseLoss, baseRecall, settings } = welcome
      const before = this.#settings()
      tab.set({ settings: settledIn(parseSettings(settings), this.#own), baseLoss, baseRecall })
      await workplace.setUp(before, welcome)
      settled()
      this.show('idle')
      await this.#measure()
      await this.#ready()
      if (this.#lastReport) say(this.#lastReport)
    })
  }

  /** Trains as this order says, from the version that it speaks of. */
  obey(order: Order, reply: Reply): void {
    this.#then(() => this.#train(order, reply))
  }

  /** IFCA: says how well an adapter fits the text that is trained on here. What is held stays. */
  tryOut({ round, adapter }: FromCoordinator & { type: 'trial' }, bytes: Uint8Array | null): void {
    this.#then(async () => {
      const { workplace, say, discretion } = this.#parts
      const engine = workplace.engine()
      if (!engine || !workplace.held() || !bytes || discretion.isOn()) return
      const { loss } = await engine.compute.evaluate(bytes, 'train')
      say({ type: 'tried', round, adapter, loss: finite(loss) ?? Number.MAX_VALUE })
    })
  }

  /** Says what a merge makes of this device's own text, beside the version that it would replace; of its training text where it kept none back. */
  judge({ type: _, ...merge }: FromCoordinator & { type: 'judge' }, bytes: Uint8Array | null): void {
    this.#then(async () => {
      const { workplace, holding, say } = this.#parts
      const [engine, held, current] = [workplace.engine(), workplace.held(), holding.current()]
      if (!engine || !held || !current || !bytes) return
      const shelf = held.share.heldOut.length > 0 ? 'heldOut' : 'train'
      const lossOf = async (adapter: Uint8Array) =>
        finite((await engine.compute.evaluate(adapter, shelf)).loss) ?? Number.MAX_VALUE
      const [before, after] = [await lossOf(current.bytes), await lossOf(bytes)]
      say({ ...merge, type: 'judged', before, after })
    })
  }

  /** Nobody waits for what is being trained. */
  interrupt(): void {
    this.#parts.workplace.training()?.interrupt()
  }

  /** Trains on other text from the next round on. */
  async use(choice: Choice): Promise<void> {
    const { tab, storage, workplace } = this.#parts
    await workplace.hold(choice)
    await storage.saveText(tab.selfKey, choice.kind === 'own' ? choice.text : null)
    const corpus = choice.kind === 'own' ? 'own' : choice.name
    this.#own = { ...this.#own, corpus }
    tab.set({ settings: { ...this.#settings(), corpus } })
    await this.#ready()
    this.#then(() => this.#measure())
  }

  /** What this tab's person decides for it, from its next training on. */
  decide(decision: Partial<Settings>): void {
    this.#own = { ...this.#own, ...decision }
    this.#parts.tab.set({ settings: { ...this.#settings(), ...decision } })
  }

  /** Here, and to the coordinator. */
  show(activity: Activity, progress: TrainProgress | null = null): void {
    const { tab, arrivals, say, discretion } = this.#parts
    const order = arrivals.order()
    const loss = progress && finite(progress.loss)
    const shown = {
      activity,
      step: progress?.step ?? 0,
      steps: progress?.steps ?? 0,
      tokensPerSecond: progress?.tokensPerSecond ?? null,
    }
    tab.setDevice(tab.selfKey, loss === null ? shown : { ...shown, trainLoss: loss })
    const status: Status = {
      ...shown,
      type: 'status',
      round: order?.forRound ?? 0,
      loss: (order && isSurvey(order)) || discretion.isOn() ? null : loss,
    }
    // What comes to an end in the same moment is not worth a message, but for the last loss.
    if (this.#unsaid === null)
      tab.clock.after(0, () => {
        if (this.#unsaid) say(this.#unsaid)
        this.#unsaid = null
      })
    this.#unsaid = after(this.#unsaid, status)
  }

  #settings(): Settings {
    return this.#parts.tab.store.getState().settings
  }

  #then(piece: () => Promise<void>): void {
    const { tab } = this.#parts
    this.#queue = this.#queue.then(piece).catch((error: unknown) => {
      if (error instanceof ModelUnavailable) return tab.fail('no-model', error.message)
      this.show('idle')
      tab.problem('training-failed', messageOf(error))
    })
  }

  /** Before the first order where what this device is given depends on it. */
  async #measure(): Promise<void> {
    const { workplace, say, memoryBytes } = this.#parts
    const training = workplace.training()
    if (training && isSpeedAsked(this.#settings()))
      say({ type: 'measured', ...(await training.speed(this.#settings().batch)), memoryBytes })
  }

  async #ready(): Promise<void> {
    const { tab, workplace, say, discretion, auditing } = this.#parts
    const engine = workplace.engine()
    if (!engine) return
    const { modelHash, backend, device } = engine.opened
    const corpus = workplace.held()?.corpus ?? null
    tab.setDevice(tab.selfKey, { corpus })
    await discretion.hold(workplace.held())
    auditing.hold(workplace.held())
    this.#tellAccount()
    say({
      type: 'ready',
      modelHash,
      backend,
      device,
      examples: this.#examples(),
      corpus,
      isSpent: discretion.isSpent(),
    })
  }

  /** As the others are told: where privacy is on, everybody counts the same. */
  #examples(): number {
    const { tab, discretion } = this.#parts
    const { examples } = tab.store.getState().text
    return discretion.isOn() ? Math.min(1, examples) : examples
  }

  #tellAccount(): void {
    const { discretion, say } = this.#parts
    const account = discretion.account()
    if (account) say({ type: 'accounted', account })
  }

  async #train(order: Order, reply: Reply): Promise<void> {
    const { workplace, arrivals, say, discretion, auditing, masking } = this.#parts
    // Meant for this tab's last life: what it waits for comes only once this one has settled in, which waits behind it.
    if (!workplace.training()) return
    const start = await arrivals.startOf(order)
    if (!start) return
    if (order.precision) await workplace.keepBaseAs(order.precision)
    await discretion.lookUp(() => workplace.held())
    const training = workplace.training()
    if (!training) return
    const draw = masking.drawOf(order.round)
    const permit = discretion.isOn() ? discretion.permit(order) : null
    // Nobody should wait for what will not come.
    const nothing = (isSpent: boolean) =>
      this.#send({ order, start, trained: null, permit: null, draw, isSpent }, reply)
    const spent = async () => {
      await this.#ready()
      nothing(true)
      this.show('idle')
    }
    if (discretion.isOn() && !permit) return spent()
    try {
      const onProgress = this.#progressOf(order)
      const trained = await training.fromMerged(start.bytes, { ...order, draw }, onProgress, permit?.training)
      if (trained && permit && !(await permit.charge())) return spent()
      if (trained) this.#send({ order, start, trained, permit, draw, isSpent: false }, reply)
      if (trained && permit) this.#tellAccount()
      await auditing.look()
      if (permit && discretion.isSpent()) await this.#ready()
      if (trained && isSpeedAsked(this.#settings()))
        say({ type: 'measured', tokensPerSecond: trained.tokens / trained.seconds })
    } catch (error) {
      nothing(false)
      throw error
    }
    await this.#trainAlone(order)
    this.show('idle')
  }

  /** A survey's steps belong to no round: the yardstick does not take them either. */
  async #trainAlone(order: Order): Promise<void> {
    const { workplace, holding, say } = this.#parts
    const [training, held] = [workplace.training(), workplace.held()]
    if (!training || !held || !comparesAlone(this.#settings()) || isSurvey(order)) return
    const isOwn = { text: held.corpus === null, model: isPersonal(federatingOf(this.#settings()).rule) }
    const report = await training.byItself(order, holding.own()!.bytes, isOwn)
    if (!isLastTurn(order)) return
    this.#lastReport = report
    say(report)
  }

  #progressOf(order: Order): (progress: TrainProgress) => void {
    const { tab, clock } = this.#parts
    let shownAtMs = Number.NEGATIVE_INFINITY
    return (trained) => {
      const progress = withinRound(order, trained)
      const { step, steps, loss, tokensPerSecond } = progress
      if (order.forRound !== null) addLossPoint(tab, tab.selfKey, order.forRound - 1 + step / steps, loss)
      if (clock.now() - shownAtMs < statusEveryMs && step < steps) return
      shownAtMs = clock.now()
      tab.set({ tokensPerSecond })
      this.show('training', progress)
    }
  }
}

/** Where a device stands that was there a moment ago: how far its training has come stays said. */
const after = (before: Status | null, status: Status): Status =>
  before && before.loss !== null && status.loss === null ? { ...before, activity: status.activity } : status
