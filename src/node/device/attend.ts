/**
 * A device in a room: it waits for orders, trains its copy of the adapter on its private text, and sends back what
 * changed. Work runs one piece after the other; a round that closed without this device is dropped as soon as the next
 * version arrives. arrivals.ts brings orders and the versions that they speak of together.
 */
import { sha256Hex } from '../../lib/hash'
import { atRank } from '../../model/adapter'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { isSpeedAsked } from '../../settings/derived/federationConfig'
import { federatingOf, isPersonal } from '../../settings/derived/merging'
import { settledIn } from '../../settings/ownership'
import { parseSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { TrainProgress, TrainResult } from '../../training/compute'
import { suggestedPrompts } from '../local/shares'
import type { Choice } from '../local/text'
import { workplaceOf } from '../local/workplace'
import type { OpenMerging } from '../merging/merging'
import type { Storage } from '../stored/storage'
import { addLossPoint } from '../tab/lossCurve'
import { type Engine, ModelUnavailable, type OpenCompute, type Tab } from '../tab/tab'
import { type HistoryPiece, withPiece } from '../wire/history'
import type { FromCoordinator, FromDevice, Order, Report, Update } from '../wire/messages'
import { tellOfAbsence } from './absence'
import { arrivalsOf } from './arrivals'
import { holdAdapter, type Start } from './holding'
import { deviceMail, type Reply } from './mail'
import { isLastTurn, isSurvey, withinRound } from './orders'

const statusEveryMs = 200

type Trial = FromCoordinator & { type: 'trial' }
type Activity = (FromDevice & { type: 'status' })['activity']

export interface DeviceParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly network: Network
  readonly storage: Storage
  readonly openCompute: OpenCompute
  readonly openMerging: OpenMerging
  /** The coordinator's word that this tab may merge for others; null: it can only ask. */
  readonly edgePass: string | null
  /** What this tab may use of the device's memory; null: nobody knows. */
  readonly memoryBytes: number | null
}

export interface Device {
  engine(): Engine | null
  /** The merged adapter this tab holds. */
  adapter(): Uint8Array | null
  /** What it would be without the others; null before the first round. */
  alone(): Uint8Array | null
  /** Trains on other text from the next round on. */
  use(choice: Choice): Promise<void>
  rename(name: string): void
  /** Says whether it would merge for others. */
  volunteer(isEdge: boolean): void
  pause(isPaused: boolean): void
}

export function attend(parts: DeviceParts): Device {
  const { tab, clock, network, storage, openCompute, openMerging, edgePass, memoryBytes } = parts
  const asOpened = tab.store.getState().settings
  let newestOrder: Order | null = null
  /** Said again to a coordinator that comes back: what it had not published it measures anew. */
  let lastReport: Report | null = null
  let work: Promise<void> = Promise.resolve()

  const settings = (): Settings => tab.store.getState().settings
  const holding = holdAdapter(() => federatingOf(settings()))
  const arrivals = arrivalsOf({
    ...{ tab, holding },
    engine: () => workplace.engine(),
    newestOrder: () => newestOrder,
    common: (held) => mail.loaded(held),
    outdated: () => workplace.training()?.interrupt(),
  })
  const mail = deviceMail({
    tab,
    clock,
    network,
    receive,
    engine: () => workplace.engine(),
    openMerging,
    common: holding.common,
  })
  const { say } = mail
  const workplace = workplaceOf({ tab, storage, openCompute, closing: mail.restart })
  const current = () => ({
    engine: workplace.engine(),
    held: workplace.held(),
    training: workplace.training(),
  })

  function then(piece: () => Promise<void>): void {
    work = work.then(piece).catch((error: unknown) => {
      if (error instanceof ModelUnavailable) return tab.fail('no-model', error.message)
      show('idle')
      tab.problem('training-failed', error instanceof Error ? error.message : String(error))
    })
  }

  function show(activity: Activity, progress?: TrainProgress): void {
    const { step, steps, loss, tokensPerSecond } = progress ?? {
      step: 0,
      steps: 0,
      loss: null,
      tokensPerSecond: null,
    }
    const shown = finite(loss)
    const common = { activity, step, steps, tokensPerSecond }
    tab.setDevice(tab.selfKey, { ...common, ...(shown === null ? {} : { trainLoss: shown }) })
    say({
      ...{ type: 'status', ...common, round: newestOrder?.forRound ?? 0 },
      loss: newestOrder && isSurvey(newestOrder) ? null : shown,
    })
  }

  async function settleIn({
    settings: sent,
    ...welcome
  }: FromCoordinator & { type: 'welcome' }): Promise<void> {
    const { baseLoss, baseRecall } = welcome
    const before = settings()
    tab.set({ settings: settledIn(parseSettings(sent), asOpened), baseLoss, baseRecall })
    await workplace.setUp(before, welcome)
    arrivals.engineReady()
    if (tab.store.getState().phase.kind === 'starting') tab.set({ phase: { kind: 'lobby' } })
    show('idle')
    await measure()
    ready()
    if (lastReport) say(lastReport)
  }

  /** Before the first order where what this device is given depends on it. */
  async function measure(): Promise<void> {
    const { training } = current()
    if (training && isSpeedAsked(settings()))
      say({ type: 'measured', ...(await training.speed(settings().batch)), memoryBytes })
  }

  function ready(): void {
    const { engine, held } = current()
    if (!engine) return
    const { modelHash, backend, device } = engine.opened
    const { examples } = tab.store.getState().text
    tab.setDevice(tab.selfKey, { corpus: held?.corpus ?? null })
    say({ type: 'ready', modelHash, backend, device, examples, corpus: held?.corpus ?? null })
  }

  async function obey(order: Order, reply: Reply): Promise<void> {
    const start = await arrivals.startOf(order)
    if (!start || !current().training) return
    if (order.precision) await workplace.keepBaseAs(order.precision)
    const { training, held } = current()
    if (!training || !held) return
    try {
      const trained = await training.fromMerged(start.bytes, order, progressOf(order))
      if (trained) reply(...updateOf(order, start, trained))
      if (trained && isSpeedAsked(settings()))
        say({ type: 'measured', tokensPerSecond: trained.tokens / trained.seconds })
    } catch (error) {
      // Nobody should wait for what will not come.
      reply(...updateOf(order, start, null))
      throw error
    }
    // A survey's steps belong to no round: the yardstick does not take them either.
    if (settings().baselines && !isSurvey(order)) {
      const isOwn = { text: held.corpus === null, model: isPersonal(federatingOf(settings())) }
      const report = await training.byItself(order, holding.own()!.bytes, isOwn)
      if (isLastTurn(order)) {
        lastReport = report
        say(report)
      }
    }
    show('idle')
  }

  /** IFCA: says how well an adapter fits the text that is trained on here. What is held stays. */
  async function tryOut({ round, adapter }: Trial, bytes: Uint8Array | null): Promise<void> {
    const { engine, held } = current()
    if (!engine || !held || !bytes) return
    const { loss } = await engine.compute.evaluate(bytes, 'train')
    say({ type: 'tried', round, adapter, loss: finite(loss) ?? Number.MAX_VALUE })
  }

  /** Null, or numbers that are not finite: training diverged. */
  function updateOf(
    { round, version, rank }: Order,
    start: Start,
    trained: TrainResult | null,
  ): [Update, Uint8Array | undefined] {
    const loss = trained && finite(trained.loss)
    const bytes = loss === null ? null : holding.updateFrom(start, trained!.adapter, round, workplace.index())
    show('sending')
    const { modelHash, adapter } = current().engine!.opened
    const { compression } = settings()
    const { targets, ...shape } = atRank(adapter, rank)
    const manifest = { baseHash: modelHash, ...shape, targets: [...targets], dtype: compression }
    const { examples } = tab.store.getState().text
    const hash = sha256Hex(bytes ?? new Uint8Array())
    show('waiting')
    return [{ type: 'update', round, version, manifest, examples, loss, hash }, bytes ?? undefined]
  }

  function progressOf(order: Order): (progress: TrainProgress) => void {
    let shownAtMs = Number.NEGATIVE_INFINITY
    return (trained) => {
      const progress = withinRound(order, trained)
      const { step, steps, loss, tokensPerSecond } = progress
      if (order.forRound !== null) addLossPoint(tab, tab.selfKey, order.forRound - 1 + step / steps, loss)
      if (clock.now() - shownAtMs < statusEveryMs && step < steps) return
      shownAtMs = clock.now()
      tab.set({ tokensPerSecond })
      show('training', progress)
    }
  }

  function receive(message: FromCoordinator, attachment: Uint8Array | null, reply: Reply): void {
    switch (message.type) {
      case 'welcome':
        // Not on joining: a coordinator that is still loading its model hears nobody yet.
        if (asOpened.role === 'edge') volunteer(true)
        return then(() => settleIn(message))
      case 'adapter':
        return arrivals.take({ message, bytes: attachment, reply })
      case 'order':
        newestOrder = message
        arrivals.wake()
        return then(() => obey(message, reply))
      case 'trial':
        return then(() => tryOut(message, attachment))
      case 'attach':
        if (mail.attach(message.edge)) forget()
        return
      case 'edge-order':
      case 'edge-devices':
        return mail.order(message)
      case 'refused':
        tab.setDevice(tab.selfKey, { refused: message.reason })
        return tab.problem('update-refused', message.reason)
      case 'record': {
        const { record, baseLoss, baseRecall } = message
        return tab.set({ ...told({ begins: false, records: [record] }), baseLoss, baseRecall })
      }
      case 'history':
        return tab.set(told(message))
      case 'digest':
        return follow(message)
    }
  }

  const told = (piece: HistoryPiece) => ({ history: withPiece(tab.store.getState().history, piece) })

  function follow({ devices, round, phase, startedAtMs }: FromCoordinator & { type: 'digest' }): void {
    const line = devices.find(({ key }) => key === tab.selfKey)
    const { cluster = null, volunteers = false, isEdge = false, edge = null, assigned = null } = line ?? {}
    const before = tab.store.getState().devices.find(({ isSelf }) => isSelf)!
    const self = { ...before, name: line?.name ?? before.name, cluster, volunteers, isEdge, edge, assigned }
    mail.follow(devices)
    const others = devices
      .filter(({ key }) => key !== tab.selfKey)
      .map((line) => ({ ...line, isSelf: false }))
    const all = [self, ...others]
    tab.set({ devices: all, round, startedAtMs, suggestedPrompts: suggestedPrompts(settings(), all) })
    if (workplace.engine()) tab.set({ phase })
    // Stopped by hand in the middle of a round: nobody waits for this update any more.
    if (phase.kind === 'finished') workplace.training()?.interrupt()
  }

  /** Whoever ordered this is not waiting for it any more. */
  function forget(): void {
    newestOrder = null
    arrivals.wake()
    workplace.training()?.interrupt()
  }

  tellOfAbsence(tab, network, forget)
  const volunteer = (isEdge: boolean) => say({ type: 'volunteer', isEdge, pass: edgePass })

  return {
    engine: () => workplace.engine(),
    adapter: () => holding.own()?.bytes ?? null,
    alone: () => workplace.training()?.alone() ?? null,
    async use(choice) {
      await workplace.hold(choice)
      await storage.saveText(tab.selfKey, choice.kind === 'own' ? choice.text : null)
      tab.set({ settings: { ...settings(), corpus: choice.kind === 'own' ? 'own' : choice.name } })
      ready()
      then(measure)
    },
    rename(name) {
      tab.setDevice(tab.selfKey, { name })
      say({ type: 'rename', name })
    },
    volunteer,
    pause: (isPaused) => show(isPaused ? 'paused' : 'idle'),
  }
}

/** A diverged step has no number to show. */
const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null
