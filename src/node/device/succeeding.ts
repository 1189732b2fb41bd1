/**
 * A device and the right of its coordinator: it learns how that came to its place, follows whoever comes after it, and takes the
 * room over where it is elected itself. What is done while nobody coordinates is `succession/vacancy.ts`.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { followedBy } from '../../federation/succession/succession'
import type { Lineage } from '../../network/admission/lineage'
import { canonicalCode } from '../../network/ids'
import { hashOfPublicKey } from '../../network/keys'
import type { JoinedNetwork, Membership } from '../../network/network'
import type { Fragment } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { placeOf } from '../coordinator/keptRoom'
import type { Ear } from '../router'
import { nameInRoom, type Self } from '../self'
import type { SavedMembership, SavedRoom } from '../stored/storage'
import { type Heir, heirOf } from '../succession/heir'
import { type KnownLineage, lineageOf } from '../succession/lineage'
import { membershipOf } from '../succession/membership'
import { inheritedRoom, keysOf } from '../succession/takeover'
import { watchVacancy } from '../succession/vacancy'
import type { Tab } from '../tab/tab'
import { type FromElector, writePapers } from '../wire/successionMessages'
import type { World } from '../world'

/** Opens a room that this tab has taken over, as its coordinator. */
export type OpenOffice = (settings: Settings, fragment: Fragment) => Promise<void>

export interface SucceedingParts {
  readonly tab: Tab
  readonly world: World
  readonly self: Pick<Self, 'storage' | 'signingKey'>
  readonly code: string
  /** As the link says; null: it says nothing. */
  readonly keyHash: string | null
  /** With which a reload of this tab finds its room. */
  readonly showAddress: (secret: string, keyHash: string) => void
  readonly openOffice: OpenOffice
}

export interface Succeeding {
  readonly lineage: Lineage
  readonly heir: Heir
  /** Finds again what this tab knew before it was loaded anew, and opens again what it had taken over. */
  resume(): Promise<void>
  /** By which it was of the room before; null: it was not, or belongs to another coordinator by now. */
  membership(): Membership | null
  /** A coordinator has let this tab in. */
  admitted(membership: Membership): void
  /** It leaves the room for good. */
  left(): Promise<void>
  /** Of the coordinator that this tab belongs to; null: it has not met one. */
  keyHash(): string | null
  /** The room's secret, once it is known. */
  knows(secret: string): void
  onFollowing(publicKeyHash: string, papers: string): void
  learn(papers: string): void
  /** In the room from now on. */
  entered(network: JoinedNetwork, electors: Ear<FromElector>): void
}

export function succeedingOf(parts: SucceedingParts): Succeeding {
  const { tab, world, self, openOffice, showAddress } = parts
  const code = canonicalCode(parts.code)
  let { keyHash } = parts
  let secret: string | null = null
  let hasOffice = false
  const lineage: KnownLineage = lineageOf(world.identity, code, [], () => keyHash)
  const show = (change: Partial<ReturnType<typeof shown>>) =>
    tab.set({ succession: { ...shown(), ...change } })
  const shown = () => tab.store.getState().succession
  const name = nameInRoom(code, tab.selfKey)
  const kept = membershipOf(world.identity, self.storage, { code, name })
  const heir = heirOf(tab.selfKey, kept, (heirs) => show({ heirs }))
  let membership: Membership | null = null

  /** Followed at once: whoever asks in between is answered by what is known so far. */
  async function learn(papers: string): Promise<void> {
    const { succession } = lineage
    await lineage.learn(papers)
    show({ term: lineage.term() })
    if (lineage.succession !== succession) void kept.keep({ succession: lineage.succession })
  }

  async function openOfficeOf({ keys, succession }: SavedRoom): Promise<void> {
    hasOffice = true
    keyHash = keys.publicKeyHash
    await learn(writePapers(succession))
    const settings: Settings = { ...tab.store.getState().settings, role: 'coordinator', name: '' }
    await openOffice(settings, { secret: keys.secret, keyHash, edgePass: null })
  }

  /** The room may have had other coordinators since the link was made, and have lost them too. */
  async function belongAgain({ pass, succession, will }: SavedMembership): Promise<void> {
    await learn(writePapers(succession))
    const last = lineage.succession.at(-1)
    if (last) keyHash = hashOfPublicKey(hexToBytes(last.coordinator))
    // Without its will a device may have known a later one than it is asked about: it waits for its coordinator.
    if (pass === null || will === null) return
    const coordinatorKey = new Uint8Array(hexToBytes(pass.coordinator))
    if (hashOfPublicKey(coordinatorKey) === keyHash) membership = { coordinatorKey, pass: pass.pass }
  }

  /** What this tab took over before a reload: its last vote was for itself, and the room is in its storage. */
  async function reopen(): Promise<void> {
    const ballot = await self.storage.loadBallot(name)
    if (!ballot) return
    const taken = hashOfPublicKey(hexToBytes(ballot.coordinator))
    const { value } = await self.storage.loadRoom(placeOf(parts.code, taken))
    if (value) await openOfficeOf(value.room)
  }

  function enter(network: JoinedNetwork, electors: Ear<FromElector>): void {
    const met = ({ publicKey }: { readonly publicKey: Uint8Array }) => {
      keyHash = hashOfPublicKey(publicKey)
    }
    for (const peer of network.peers.values()) if (peer.role === 'coordinator') met(peer)
    network.on('join', (peer) => {
      if (peer.role === 'coordinator') met(peer)
    })
    tab.store.subscribe(({ settings: { silence } }, { settings: before }) => {
      if (silence !== before.silence) void kept.keep({ silence })
    })
    watchVacancy({
      tab,
      world,
      self,
      code,
      network,
      electors,
      heir,
      lineage,
      coordinatorKey: membership && bytesToHex(membership.coordinatorKey),
      async elected(certificate, signingKey) {
        const estate = heir.estate()
        if (!estate || secret === null) return false
        const keys = await keysOf(world.identity, { code: parts.code, secret }, signingKey)
        const room = inheritedRoom(tab, keys, estate, followedBy(lineage.succession, certificate))
        // On a full disk this tab cannot coordinate: the next heir asks, or it asks again.
        const isKept = await self.storage.createRoom(room, estate.log).then(
          () => true,
          () => false,
        )
        if (!isKept) return false
        const opening = openOfficeOf(room)
        network.follow(keys.publicKeyHash)
        await opening
        return true
      },
    })
  }

  return {
    lineage,
    heir,
    async resume() {
      const found = await kept.restore()
      heir.restore(found)
      const { settings } = tab.store.getState()
      tab.set({ settings: { ...settings, silence: found.silence ?? settings.silence } })
      await reopen()
      await belongAgain(found)
    },
    membership: () => membership,
    admitted({ coordinatorKey, pass }) {
      void kept.keep({ pass: { coordinator: bytesToHex(coordinatorKey), pass } })
    },
    left: kept.forget,
    keyHash: () => keyHash,
    knows(known) {
      secret = known
    },
    onFollowing(publicKeyHash, papers) {
      void learn(papers)
      keyHash = publicKeyHash
      if (secret !== null && !hasOffice) showAddress(secret, publicKeyHash)
      tab.problem('coordinator-followed', tookOver)
    },
    learn: (papers) => void learn(papers),
    entered: enter,
  }
}

const tookOver =
  'The coordinator’s tab was gone for good, so the devices have elected another one. The run goes on there with everything that was learned; nothing has to be done.'
