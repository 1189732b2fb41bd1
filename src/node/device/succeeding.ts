/**
 * A device and the right of its coordinator: it learns how that came to its place, follows whoever comes after it, and takes the
 * room over where it is elected itself. What is done while nobody coordinates is `succession/vacancy.ts`.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import { followedBy } from '../../federation/succession/succession'
import type { Lineage } from '../../network/admission/lineage'
import { canonicalCode } from '../../network/ids'
import { hashOfPublicKey } from '../../network/keys'
import type { JoinedNetwork } from '../../network/network'
import type { Fragment } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { placeOf } from '../coordinator/keptRoom'
import type { Ear } from '../router'
import type { Self } from '../self'
import type { SavedRoom } from '../stored/storage'
import { type Heir, heirOf } from '../succession/heir'
import { type KnownLineage, lineageOf } from '../succession/lineage'
import { inheritedRoom, keysOf } from '../succession/takeover'
import { ballotNameOf, watchVacancy } from '../succession/vacancy'
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
  /** Opens again what this tab had taken over before it was loaded anew. */
  resume(): Promise<void>
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
  const heir = heirOf(tab.selfKey, (heirs) => show({ heirs }))

  /** Followed at once: whoever asks in between is answered by what is known so far. */
  async function learn(papers: string): Promise<void> {
    await lineage.learn(papers)
    show({ term: lineage.term() })
  }

  async function openOfficeOf({ keys, succession }: SavedRoom): Promise<void> {
    hasOffice = true
    keyHash = keys.publicKeyHash
    await learn(writePapers(succession))
    const settings: Settings = { ...tab.store.getState().settings, role: 'coordinator', name: '' }
    await openOffice(settings, { secret: keys.secret, keyHash, edgePass: null })
  }

  /** What this tab took over before a reload: its last vote was for itself, and the room is in its storage. */
  async function resume(): Promise<void> {
    const ballot = await self.storage.loadBallot(ballotNameOf(code, tab.selfKey))
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
    watchVacancy({
      tab,
      world,
      self,
      code,
      network,
      electors,
      heir,
      lineage,
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
    resume,
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
