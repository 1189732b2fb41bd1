/**
 * A gossiping tab in its room: it loads the model of what is agreed on, takes a place and the text that belongs to it, and
 * has a peer federate. When others run something else, or somebody changes it, it does so again.
 */
import { whyNotTogether } from '../../federation/compatibility'
import type { Command } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import type { Network } from '../../network/network'
import { sameEngine } from '../../settings/changing'
import { commonOf } from '../../settings/ownership'
import { settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { type Choice, chosenText, holdText } from '../local/text'
import type { Part } from '../part'
import type { Ear } from '../router'
import type { SavedPeer, Storage } from '../stored/storage'
import { type Engine, openEngine, showLoading, type Tab } from '../tab/tab'
import type { Entry, FromNeighbour } from '../wire/neighbourMessages'
import type { World } from '../world'
import type { Agreement } from './membership/agreement'
import { Membership } from './membership/membership'
import { placeFor } from './membership/roster'
import { nobody, not } from './nobody'
import { openPeer } from './openPeer'
import type { Peer } from './peer'

export interface GossipRoomParts {
  readonly tab: Tab
  readonly world: World
  readonly network: Network
  readonly fromNeighbours: Ear<FromNeighbour>
  readonly storage: Storage
  readonly saved: SavedPeer | null
  readonly code: string
  readonly secret: string
  readonly name: string
  readonly openedAtMs: number
  readonly agreement: Agreement
  /** The room's settings as they stand in this tab. */
  readonly settledHere: (ofRoom: Settings) => Settings
}

export class GossipRoom implements Part {
  readonly #parts: GossipRoomParts
  readonly #membership: Membership
  readonly #sleep: () => void
  #engine: Engine | null = null
  #openedFor: Settings | null = null
  #peer: Peer | null = null
  #placeHeld: number | null = null
  #hasLeft = false
  /** One piece after the other: loading, holding text. */
  #work: Promise<void> = Promise.resolve()

  constructor(parts: GossipRoomParts) {
    const { tab, world, network, saved, agreement } = parts
    this.#parts = parts
    this.#sleep = world.keepAwake((isPaused) => this.#peer?.pause(isPaused))
    this.#membership = new Membership({
      network,
      clock: world.clock,
      self: entryOf(parts, network.self, saved),
      agreement,
      hasBegun: () => this.#peer?.hasBegun() ?? false,
      onRoster: () => {
        this.#takePlace()
        this.#peer?.follow()
      },
      onAgreement: (settings) => this.#follow(settings),
      onCommand: (command) => this.#peer?.command(command),
      onRefused: (code, why) => {
        void this.leave()
        tab.fail(code, why)
      },
    })
    parts.fromNeighbours.hear(({ id }, message, bytes) => {
      if (message.type === 'news') this.#membership.hear(message)
      else this.#peer?.receive(id, message, bytes)
    })
  }

  /** Loads the model, takes a place and holds its text. Leaves where that fails. */
  async getReady(): Promise<void> {
    await this.#inTurn(() => this.#load()).catch(async (problem) => {
      await this.leave()
      throw problem
    })
  }

  /** Makes the link for others. It carries what is run, so that a guest loads the right model at once. */
  async invite(): Promise<void> {
    const { tab, world, code, secret } = this.#parts
    const keys = await world.makeRoomKeys(code, secret)
    const url = new URL(await world.inviteUrl(keys, 'device'))
    const { corpus } = this.#settings()
    url.search = settingsToSearch({ ...commonOf(this.#settings()), corpus, role: 'device', room: code })
    url.hash = `s=${secret}`
    tab.set({ invite: url.href })
  }

  get network(): Network {
    return this.#parts.network
  }

  engine(): Engine | null {
    return this.#engine
  }

  adapter(): Uint8Array | null {
    return this.#peer?.adapter() ?? null
  }

  alone(): Uint8Array | null {
    return this.#peer?.alone() ?? null
  }

  command(command: Command): void {
    if (!this.#peer) throw new Error(not.readyYet)
    this.#membership.order(command)
    this.#peer.command(command)
  }

  assign(): void {
    throw new Error(nobody.givesOutWork)
  }

  appoint(): void {
    throw new Error(nobody.merges)
  }

  forget(): void {
    throw new Error(nobody.unlearns)
  }

  async forgetText(): Promise<void> {
    throw new Error(nobody.unlearns)
  }

  /** Nobody knocks where nobody could answer. */
  answer(): void {}

  setLocked(): void {
    throw new Error(nobody.locks)
  }

  shutOut(): void {
    throw new Error(nobody.shutsOut)
  }

  async configure(next: Settings): Promise<void> {
    if (!this.#peer) throw new Error(not.readyYet)
    if (this.#peer.hasBegun()) throw new Error(not.afterBegin)
    const wrong = whyNotTogether(next)
    if (wrong) throw new Error(wrong)
    this.#membership.agree(next)
    this.#follow(commonOf(next))
    await this.#work
    if (this.#parts.tab.store.getState().invite) await this.invite()
  }

  async use(choice: Choice): Promise<void> {
    const { tab, storage } = this.#parts
    const place = this.#membership.self().index
    if (place === null) throw new Error(not.readyYet)
    await this.#hold(choice, place)
    await storage.saveText(tab.selfKey, choice.kind === 'own' ? choice.text : null)
    const corpus = choice.kind === 'own' ? 'own' : choice.name
    tab.set({ settings: { ...this.#settings(), corpus } })
  }

  rename(name: string): void {
    const { tab } = this.#parts
    tab.setDevice(tab.selfKey, { name })
    this.#membership.say({ name })
  }

  async leave(): Promise<void> {
    this.#hasLeft = true
    this.#sleep()
    this.#peer?.close()
    await this.#parts.network.leave()
    this.#engine?.close()
  }

  #settings(): Settings {
    return this.#parts.tab.store.getState().settings
  }

  #inTurn(piece: () => Promise<void>): Promise<void> {
    const done = this.#work.then(() => (this.#hasLeft ? undefined : piece()))
    this.#work = done.catch(() => {})
    return done
  }

  #later(piece: () => Promise<void>): void {
    this.#inTurn(piece).catch((error: unknown) => this.#parts.tab.fail('cannot-start', messageOf(error)))
  }

  /** The engine of the room's settings, a place, and a peer over both. */
  async #load(): Promise<void> {
    const { tab, network, world, saved } = this.#parts
    const { clock, openCompute, openMerging } = world
    const membership = this.#membership
    const wanted = this.#settings()
    if (this.#engine && this.#openedFor && sameEngine(this.#openedFor, wanted)) return
    this.#peer?.close()
    this.#engine?.close()
    this.#peer = null
    const engine = await openEngine(tab, openCompute, wanted)
    this.#engine = engine
    this.#openedFor = wanted
    if (this.#hasLeft) return engine.close()
    const save = this.#save.bind(this)
    const peer = await openPeer({ tab, clock, network, membership, engine, openMerging, saved, save })
    if (this.#hasLeft) return peer.close()
    this.#peer = peer
    this.#placeHeld = null
    const { modelHash, backend } = engine.opened
    membership.say({ modelHash, backend, activity: 'idle' })
    this.#takePlace()
    const last = membership.lastOrder()
    if (last) peer.command(last.command)
  }

  /** Follows the roster to the place that is this tab's, and takes the text that belongs to it. */
  #takePlace(): void {
    const { tab, storage } = this.#parts
    const own = this.#membership.self()
    if (own.modelHash === null || !this.#engine) return
    const place = placeFor(this.#membership.roster(), own)
    if (place !== own.index) this.#membership.say({ index: place, examples: 0 })
    if (this.#placeHeld === place) return
    this.#placeHeld = place
    this.#later(async () => {
      const choice = await chosenText(tab, storage, this.#settings())
      if (choice && this.#placeHeld === place) await this.#hold(choice, place)
    })
  }

  async #hold(choice: Choice, place: number): Promise<void> {
    const { tab } = this.#parts
    if (!this.#engine || !this.#peer) throw new Error(not.readyYet)
    const { compute } = this.#engine
    this.#peer.hold(await holdText(tab, compute, showLoading(tab), this.#settings(), place, choice), place)
  }

  /** Others run something else here, or somebody has changed it. */
  #follow(ofRoom: Settings): void {
    if (this.#peer?.hasBegun()) return
    this.#parts.tab.set({ settings: this.#parts.settledHere(ofRoom) })
    if (!this.#engine) return
    // At once: the order to begin may come with the same news.
    if (this.#openedFor && sameEngine(this.#openedFor, this.#settings()))
      this.#peer?.configure(this.#settings())
    this.#placeHeld = null
    this.#later(async () => {
      await this.#load()
      this.#peer?.configure(this.#settings())
      this.#takePlace()
    })
  }

  #save(change: Pick<SavedPeer, 'state' | 'adapters' | 'history' | 'startedAtMs'>): Promise<void> {
    const { tab, storage, openedAtMs } = this.#parts
    const agreement = this.#membership.agreement()
    const { index } = this.#membership.self()
    return storage.savePeer(tab.selfKey, { ...change, agreement, openedAtMs, index }).catch(() => {
      const what = 'This browser has stopped storing the run, so a reload of this tab would lose its part.'
      tab.problem('not-stored', `${what} Free some disk space, and leave the tab open.`)
    })
  }
}

/** This tab in the roster, as it begins. */
const entryOf = (
  { tab, world, name, openedAtMs }: GossipRoomParts,
  peer: string,
  saved: SavedPeer | null,
): Entry => ({
  key: tab.selfKey,
  peer,
  name,
  openedAtMs,
  stamp: world.clock.now(),
  isPresent: true,
  index: saved?.index ?? null,
  modelHash: null,
  backend: null,
  examples: 0,
  corpus: null,
  activity: 'loading',
  round: saved?.history.at(-1)?.round ?? 0,
  version: 0,
  step: 0,
  steps: 0,
  trainLoss: null,
  tokensPerSecond: null,
})
