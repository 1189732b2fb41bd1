/**
 * Opening a coordinator's tab: its room (a new one, or after a reload the same again), its engine, its rounds. The
 * address bar carries room, secret and key afterwards, so that reloading the page resumes.
 */
import { whyNotTogether } from '../../federation/compatibility'
import { decodeAdapter } from '../../model/adapter'
import { canonicalCode } from '../../network/ids'
import { sameEngine, tooLateOf } from '../../settings/changing'
import { federationConfigOf } from '../../settings/derived/federationConfig'
import { settledIn } from '../../settings/ownership'
import { settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { Part } from '../part'
import type { Router } from '../router'
import type { CoordinatingSelf } from '../self'
import type { Phase } from '../state'
import type { SavedRoom } from '../stored/storage'
import { type KnownLineage, lineageOf } from '../succession/lineage'
import { showNetwork, showTraffic } from '../tab/showNetwork'
import { type Engine, openEngine, type Tab } from '../tab/tab'
import { ofDevices } from '../wire/letters'
import type { World } from '../world'
import { doorOf } from './door'
import { logOf } from './log'
import { notaryOf } from './notary'
import { trafficSince } from './publishing'
import { resume } from './resume'
import { openRounds } from './rounds'

const trainsOnNothing = new Error('The coordinator trains on nothing: choose text in a device’s tab.')

const tookOver =
  'This tab coordinates the room: its devices have elected it, because the coordinator was gone for good. The run goes on from where that one stopped, and this tab learns from its own text as before. Leave it open.'

export async function openCoordinator(
  tab: Tab,
  router: Router,
  world: World,
  { storage, kept }: CoordinatingSelf,
): Promise<Part> {
  const asOpened = tab.store.getState().settings
  const { room } = kept
  if (kept.damage !== null && !kept.isOld) tab.problem('room-damaged', kept.damage)
  const settings: Settings = {
    ...settledIn(room.settings, asOpened),
    role: 'coordinator',
    room: room.keys.code,
  }
  const { secret, publicKeyHash } = room.keys
  world.showAddress(settingsToSearch(settings), `s=${secret}&k=${publicKeyHash}`)
  tab.set({ settings, room: room.keys.code, admitAll: settings.admitAll })
  const lineage = rightOf(tab, world, room)
  const keep = logOf(tab, storage, room.code)
  let tellShutOut = (_keys: readonly string[]) => {}
  const door = doorOf(
    tab,
    room,
    (change) => void keep(null, change),
    (keys) => tellShutOut(keys),
  )
  let opened: Engine | null = null
  const fromDevices = router.understand(ofDevices(() => opened?.opened.initialAdapter.length ?? null))
  const network = await world.openRoom(room.keys, {
    name: selfName(tab),
    understood: router.understood,
    lineage,
    whyNot: door.whyNot,
  })
  showNetwork(tab, network, () => trafficSince(room, network))
  showTraffic(tab, network)
  door.open(network)
  tab.set({
    invite: await world.inviteUrl(room.keys, 'device'),
    edgeInvite: await world.inviteUrl(room.keys, 'edge'),
  })
  let engine: Engine = await openEngine(tab, world.openCompute, settings).catch(async (problem) => {
    await network.leave() // those who join wait for a coordinator that can greet them
    throw problem
  })
  opened = engine
  tab.setDevice(tab.selfKey, { activity: 'idle' })
  const resumed = resume({
    room: kept.room,
    log: kept.log,
    damage: kept.isOld ? kept.damage : null,
    begunWith: federationConfigOf(room.begunWith ?? room.settings, engine.opened, world.crowd),
    now: federationConfigOf(settings, engine.opened, world.crowd),
    initial: decodeAdapter(engine.opened.initialAdapter, engine.opened.adapter),
  })
  if (resumed.damage !== null) {
    // What did not fit a schema is aside already.
    if (kept.damage === null || resumed.followed < kept.log.length)
      await storage.setAside(room.code, resumed.followed)
    tab.problem('room-damaged', resumed.damage)
  }
  const { merging, close: closeMerging } = world.openMerging()
  const rounds = await openRounds({
    tab,
    crowd: world.crowd,
    network,
    router,
    fromDevices,
    engine: () => engine,
    merging,
    keep,
    resumed,
    clock: world.clock,
    identity: world.identity,
    isEdgePass: (pass) => world.isEdgePass(room.keys, pass),
    notary: notaryOf(world.identity, room.keys),
    door,
    keys: room.keys,
    log: kept.log.slice(0, resumed.followed),
    lineage,
  })
  tellShutOut = (keys) => rounds.tellShutOut(keys)
  return {
    network,
    engine: () => engine,
    adapter: (id) => rounds.adapter(id),
    alone: () => null,
    command: (command) => rounds.command(command),
    async configure(next) {
      const { settings: before, phase } = tab.store.getState()
      const wrong = whyNotTogether(next) ?? tooLate(before, next, phase)
      if (wrong) throw new Error(wrong)
      if (!sameEngine(before, next)) {
        const last = engine
        engine = await openEngine(tab, world.openCompute, next)
        opened = engine
        last.close()
      }
      rounds.configure(next)
      world.showAddress(settingsToSearch(next), `s=${secret}&k=${publicKeyHash}`)
    },
    answer: door.answer,
    setLocked: door.setLocked,
    shutOut: door.shutOut,
    appoint: (key, isEdge) => rounds.appoint(key, isEdge),
    assign: (key, override) => rounds.assign(key, override),
    forget: (key) => rounds.forget(key),
    forgetText: () => Promise.reject(trainsOnNothing),
    use: () => Promise.reject(trainsOnNothing),
    rename: (name) => tab.setDevice(tab.selfKey, { name }),
    async leave() {
      rounds.close()
      await network.leave()
      closeMerging()
      engine.close()
    },
  }
}

/** By what right this tab coordinates. Its person is told where it has not opened the room. */
function rightOf(tab: Tab, { identity }: World, { keys, succession }: SavedRoom): KnownLineage {
  const lineage = lineageOf(identity, canonicalCode(keys.code), succession, () => keys.publicKeyHash)
  tab.set({ succession: { ...tab.store.getState().succession, term: lineage.term() } })
  if (succession.length > 0) tab.problem('took-over', tookOver)
  return lineage
}

/** Why a change comes too late; null: it does not. */
function tooLate(before: Settings, next: Settings, { kind }: Phase): string | null {
  if (kind === 'finished') return 'The run is over. Open a new federation for another one.'
  const late = kind === 'lobby' ? null : tooLateOf(before, next)
  return late === null
    ? null
    : `“${late}” stands once a run has begun, because every tab has agreed on it. Open a new federation to change it.`
}

const selfName = (tab: Tab): string => tab.store.getState().devices.find(({ isSelf }) => isSelf)?.name ?? ''
