/**
 * Opening a gossiping tab. Who opens the room only makes its code and secret, and is then a tab like the others: it holds
 * text and trains. With the same room and secret a tab finds the others by itself, and a reload goes on where it was.
 */
import { incompatibility } from '../../federation/compatibility'
import { readBy } from '../../lib/schema'
import { sameEngine } from '../../settings/changing'
import { commonOf, settledIn } from '../../settings/ownership'
import { type Fragment, settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { type Choice, chosenText, holdText } from '../local/text'
import type { Part } from '../part'
import type { SavedPeer, Storage } from '../stored/storage'
import { type Engine, openEngine, showLoading, showNetwork, showTraffic, type Tab } from '../tab/tab'
import { kindOf, lettersToNeighbour } from '../wire/letters'
import { type Entry, fromNeighbour } from '../wire/neighbourMessages'
import type { World } from '../world'
import { keepMembership, type Membership } from './membership/membership'
import { placeFor } from './membership/roster'
import { openPeer, type Peer } from './peer'

const notReady = new Error('This tab is still getting ready. Try again in a moment.')
const hasBegun = new Error('The run has begun: its settings stand. Open a new federation to change them.')

/** Who opens a room of equals makes what is missing of its code and secret, before anything else is named by them. */
export async function foundRoom(
  { settings, secret }: { readonly settings: Settings; readonly secret: string | null },
  world: World,
): Promise<{ readonly settings: Settings; readonly secret: string | null }> {
  if (settings.scheme !== 'gossip' || settings.role !== 'coordinator') return { settings, secret }
  const keys = await world.makeRoomKeys(settings.room, secret)
  const room = { ...settings, room: keys.code }
  world.showAddress(settingsToSearch(room), `s=${keys.secret}`)
  return { settings: room, secret: keys.secret }
}

export async function openGossip(
  tab: Tab,
  world: World,
  { secret }: Fragment,
  storage: Storage,
): Promise<Part> {
  const { selfKey } = tab
  const asOpened = tab.store.getState().settings
  const { room, role } = asOpened
  if (!room || !secret)
    throw new Error(
      'A room without a coordinator is entered by its whole link: the code alone is not enough, for nobody is there who could let you in.',
    )
  const { value: saved, damage } = await storage.loadPeer(selfKey)
  if (damage !== null) tab.problem('part-damaged', damage)
  const nowMs = world.clock.now()
  const { openedAtMs, charter } = saved ?? {
    openedAtMs: nowMs,
    charter: {
      ...{ settings: commonOf(asOpened), stamp: role === 'coordinator' ? 1 : 0 },
      ...{ openedAtMs: nowMs, by: selfKey },
    },
  }
  const name = tab.store.getState().devices.find(({ isSelf }) => isSelf)?.name ?? ''
  tab.set({ settings: settledHere(charter.settings), role: 'device', room })
  tab.setDevice(selfKey, { role: 'device', name })

  let engine: Engine | null = null
  const network = await world.joinEquals({
    ...{ code: room, name, deviceKey: selfKey, secret },
    understood: lettersToNeighbour(() => engine?.opened.initialAdapter.length ?? null),
  })
  showNetwork(tab, network)
  showTraffic(tab, network)
  let openedFor: Settings | null = null
  let peer: Peer | null = null
  let work: Promise<void> = Promise.resolve()
  let placeHeld: number | null = null
  let hasLeft = false

  const sleep = world.keepAwake((isPaused) => peer?.pause(isPaused))
  const settings = (): Settings => tab.store.getState().settings
  const self: Entry = {
    ...{ key: selfKey, peer: network.self, name, openedAtMs, stamp: nowMs, isPresent: true },
    ...{ index: saved?.index ?? null, modelHash: null, backend: null, examples: 0, corpus: null },
    ...{ activity: 'loading', round: saved?.history.at(-1)?.round ?? 0, version: 0 },
    ...{ step: 0, steps: 0, trainLoss: null, tokensPerSecond: null },
  }
  const membership: Membership = keepMembership({
    network,
    clock: world.clock,
    self,
    charter,
    hasBegun: () => peer?.hasBegun() ?? false,
    onRoster() {
      takePlace()
      peer?.follow()
    },
    onCharter: follow,
    onOrder: (command) => peer?.command(command),
    onRefused(code, why) {
      void leave()
      tab.fail(code, why)
    },
  })
  network.on('message', (from, message, bytes) => {
    const parsed = readBy(fromNeighbour, message)
    if (!parsed.success)
      return tab.problem(
        'bad-message',
        `A neighbour sent a message (${kindOf(message)}) that makes no sense here, and it was dropped.`,
      )
    if (parsed.data.type === 'news') membership.hear(parsed.data)
    else peer?.receive(from, parsed.data, bytes)
  })
  if (role === 'coordinator') await invite()
  await inTurn(getReady).catch(async (problem) => {
    await leave()
    throw problem
  })

  /** The room's settings as they stand in this tab. Whole adapters are pulled, so nothing is compressed. */
  function settledHere(ofRoom: Settings): Settings {
    return { ...settledIn(ofRoom, asOpened), compression: 'none' }
  }

  /** One piece after the other: loading, holding text. */
  function inTurn(piece: () => Promise<void>): Promise<void> {
    const done = work.then(() => (hasLeft ? undefined : piece()))
    work = done.catch(() => {})
    return done
  }

  function later(piece: () => Promise<void>): void {
    inTurn(piece).catch((error: unknown) =>
      tab.fail('cannot-start', error instanceof Error ? error.message : String(error)),
    )
  }

  /** The engine of the room's settings, a place, and a reducer of one's own. */
  async function getReady(): Promise<void> {
    const wanted = settings()
    if (engine && openedFor && sameEngine(openedFor, wanted)) return
    peer?.close()
    engine?.close()
    peer = null
    engine = await openEngine(tab, world.openCompute, wanted)
    openedFor = wanted
    if (hasLeft) return engine.close()
    const { modelHash, backend } = engine.opened
    const { clock, openMerging } = world
    const opened = await openPeer({ tab, clock, network, membership, engine, openMerging, saved, save })
    if (hasLeft) return opened.close()
    peer = opened
    placeHeld = null
    membership.say({ modelHash, backend, activity: 'idle' })
    takePlace()
    const last = membership.lastOrder()
    if (last) peer.command(last.command)
  }

  /** Follows the roster to the place that is this tab's, and takes the text that belongs to it. */
  function takePlace(): void {
    const own = membership.self()
    if (own.modelHash === null || !engine) return
    const place = placeFor(membership.roster(), own)
    if (place !== own.index) membership.say({ index: place, examples: 0 })
    if (placeHeld === place) return
    placeHeld = place
    later(async () => {
      const choice = await chosenText(tab, storage, settings().corpus ?? 'facts')
      if (choice && placeHeld === place) await hold(choice, place)
    })
  }

  async function hold(choice: Choice, place: number): Promise<void> {
    if (!engine || !peer) throw notReady
    peer.hold(await holdText(tab, engine.compute, showLoading(tab), settings(), place, choice), place)
  }

  /** Others run something else here, or somebody has changed it. */
  function follow(ofRoom: Settings): void {
    if (peer?.hasBegun()) return
    tab.set({ settings: settledHere(ofRoom) })
    if (!engine) return
    // At once: the order to begin may come with the same news.
    if (openedFor && sameEngine(openedFor, settings())) peer?.configure(settings())
    placeHeld = null
    later(async () => {
      await getReady()
      peer?.configure(settings())
      takePlace()
    })
  }

  function save(change: Pick<SavedPeer, 'state' | 'adapters' | 'history' | 'startedAtMs'>): void {
    const own = { charter: membership.charter(), openedAtMs, index: membership.self().index }
    storage.savePeer(selfKey, { ...change, ...own }).catch(() => {
      const what = 'This browser has stopped storing the run, so a reload of this tab would lose its part.'
      tab.problem('not-stored', `${what} Free some disk space, and leave the tab open.`)
    })
  }

  /** Carries what is run, so that a guest loads the right model at once. */
  async function invite(): Promise<void> {
    const keys = await world.makeRoomKeys(room, secret)
    const url = new URL(await world.inviteUrl(keys, 'device'))
    const { corpus } = settings()
    url.search = settingsToSearch({ ...commonOf(settings()), corpus, role: 'device', room })
    url.hash = `s=${secret}`
    tab.set({ invite: url.href })
  }

  async function leave(): Promise<void> {
    hasLeft = true
    sleep()
    peer?.close()
    await network.leave()
    engine?.close()
  }

  return {
    engine: () => engine,
    adapter: () => peer?.adapter() ?? null,
    alone: () => peer?.alone() ?? null,
    command(command) {
      if (!peer) throw notReady
      membership.order(command)
      peer.command(command)
    },
    assign() {
      throw new Error(
        'Nobody gives out work where tabs gossip: each takes the steps that the room has agreed on.',
      )
    },
    appoint() {
      throw new Error('Nobody merges for others where tabs gossip. Open a room with edges for that.')
    },
    async configure(next) {
      if (!peer) throw notReady
      if (peer.hasBegun()) throw hasBegun
      const wrong = incompatibility(next)
      if (wrong) throw new Error(wrong)
      membership.agree(next)
      follow(commonOf(next))
      await work
      if (tab.store.getState().invite) await invite()
    },
    answer: () => {},
    async use(choice) {
      const place = membership.self().index
      if (place === null) throw notReady
      await hold(choice, place)
      await storage.saveText(selfKey, choice.kind === 'own' ? choice.text : null)
      tab.set({ settings: { ...settings(), corpus: choice.kind === 'own' ? 'own' : choice.name } })
    },
    rename(next) {
      tab.setDevice(selfKey, { name: next })
      membership.say({ name: next })
    },
    leave,
  }
}
