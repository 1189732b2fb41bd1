/**
 * What a node needs of the world around it, so that the same node runs in a browser's tab and in a test without one.
 */
import type { TextReader } from '../corpora/reading/reader'
import type { EqualOptions } from '../network/equals'

import type { Identity, SigningKey } from '../network/identity/identity'

import type { JoinedNetwork, JoinOptions, Network, RoomKeys } from '../network/network'
import type { OpenOptions } from '../network/room'
import type { Clock } from '../network/time/clock'
import type { Crowd } from '../settings/derived/federationConfig'
import type { GossamerNode } from './gossamerNode'
import type { OpenMerging } from './merging/merging'
import type { Keeping } from './stored/indexed'
import type { Storage } from './stored/storage'
import type { OpenCompute } from './tab/tab'

export interface World {
  /** Reads a person's own text without holding up the page. */
  readonly reader: TextReader
  readonly openCompute: OpenCompute
  readonly openMerging: OpenMerging
  readonly clock: Clock
  /** Keys, signatures and chance of this tab. */
  readonly identity: Identity
  /** How many devices a room may have that this node opens. */
  readonly crowd: Crowd
  openStorage(): Promise<{ storage: Storage; keeping: Keeping }>
  /** Generates what is null. */
  makeRoomKeys(code: string | null, secret: string | null): Promise<RoomKeys>
  openRoom(
    keys: RoomKeys,
    self: Pick<OpenOptions, 'name' | 'understood' | 'lineage' | 'whyNot'>,
  ): Promise<Network>
  joinRoom(options: JoinOptions): Promise<JoinedNetwork>
  joinEquals(options: EqualOptions): Promise<Network>
  /** The link for devices, or for an edge; carries a LAN address where the server has one. */
  inviteUrl(keys: RoomKeys, role: 'device' | 'edge'): Promise<string>
  /** Whether this room's coordinator has made that pass for an edge. */
  isEdgePass(keys: RoomKeys, pass: string): Promise<boolean>
  /** This tab's key pair for that part in that room: it survives a reload of the tab, and no other tab holds it. */
  tabKey(
    purpose: string,
    storage: Storage,
  ): Promise<{ readonly signingKey: SigningKey; readonly damage: string | null }>
  /** What a tab may use of the device's memory; null: nobody knows. */
  memoryBytes(): number | null
  /** Keeps a phone's screen on, and tells when its page is hidden or back. Returns the way to end it. */
  keepAwake(onPause: (isPaused: boolean) => void): () => void
  /** Tells now, and whenever it changes, whether somebody may see this page: browsers slow the others down. Returns the way to end it. */
  watchSight(tell: (isInSight: boolean) => void): () => void
  /** Tells now, and whenever it changes, whether this device draws on a battery that is nearly empty. Returns the way to end it. */
  watchPower(tell: (isLow: boolean) => void): () => void
  /** This tab was elected: this node, beside its device’s, coordinates the room from now on; null: no longer. */
  coordinates(office: GossamerNode | null): void
  /** Loads the page anew: a new life of this tab. */
  reopen(): void
  /** Puts query and fragment into the address bar without loading anything. */
  showAddress(search: string, fragment: string): void
}
