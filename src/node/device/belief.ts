/**
 * What a device believes of what it hears in the coordinator's name. The coordinator's signature stands under everything that
 * it orders and announces (`wire/signed.ts`), and without it nothing is believed, whoever brings it. An edge may pass on
 * versions that the coordinator has signed, if they are newer than what this device knows. Beyond that it has a warrant: for
 * one round, which must not be over, it may order what the warrant says, and hand out versions of its own making, which
 * nobody else has signed. Whether an edge is this device's own is not decided here (`attachment.ts`).
 *
 * A version that is older than what is known here is doubted until an order with a warrant names it: a coordinator that goes
 * on from an older version after its storage was damaged says so by ordering from it.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import { edgeAdapter } from '../../federation/names'
import { willText } from '../../federation/succession/will'
import type { Identity } from '../../network/identity/identity'
import type { Message, Network, Peer } from '../../network/network'
import type { FromCoordinator } from '../wire/messages'
import type { Warrant } from '../wire/parts'
import { letterText, versionText, warrantText } from '../wire/signed'

export interface Heard {
  readonly from: Peer
  readonly message: FromCoordinator
  readonly attached: Uint8Array | null
  /** As it was sent: that is what was signed. */
  readonly letter: Message
}

export interface BeliefParts {
  readonly network: Pick<Network, 'peers' | 'on'>
  readonly identity: Identity
  readonly code: string
  /** Something came that nobody has signed. */
  readonly doubt: (heard: Heard) => void
}

type Announcement = FromCoordinator & { readonly type: 'adapter' }
type Order = FromCoordinator & { readonly type: 'order' }

/** Of a message what may be acted on now, in this order: usually itself, nothing where it is not believed. */
export type Belief = (heard: Heard) => Promise<readonly Heard[]>

export function beliefOf({ network, identity, code, doubt }: BeliefParts): Belief {
  /** The last known: a coordinator that is away has signed what its edges pass on. */
  let coordinatorKey =
    [...network.peers.values()].find(({ role }) => role === 'coordinator')?.publicKey ?? null
  /** Of each adapter the newest version that is known to be the coordinator's. */
  const newest = new Map<string, number>()
  /** The run's round, as the coordinator's digests say. */
  let round = 0
  let doubted: Heard | null = null

  network.on('join', ({ role, publicKey }) => {
    if (role === 'coordinator') coordinatorKey = publicKey
  })

  const isSigned = async (text: string, signature: string | null): Promise<boolean> =>
    coordinatorKey !== null &&
    signature !== null &&
    identity.isSignedBy(coordinatorKey, bytesOf(signature), text)
  const isVersionSigned = (message: Announcement) => isSigned(versionText(code, message), message.signature)
  const isValid = async (warrant: Warrant | null, { deviceKey }: Peer): Promise<boolean> =>
    warrant !== null &&
    warrant.edge === deviceKey &&
    warrant.round >= round &&
    isSigned(warrantText(code, warrant), warrant.signature)

  async function announced(heard: Heard, message: Announcement): Promise<readonly Heard[]> {
    const { adapter, version, signature, warrant } = message
    const isDirect = heard.from.role === 'coordinator'
    if (signature === null) {
      const isOwn = !isDirect && adapter === edgeAdapter(heard.from.deviceKey)
      return isOwn && (await isValid(warrant, heard.from)) ? [heard] : refused(heard)
    }
    if (!(await isVersionSigned(message))) return refused(heard)
    const isAsked = warrant?.adapter === adapter && warrant.version === version
    const isNew = isDirect || version >= (newest.get(adapter) ?? 0)
    if (!isNew && !(isAsked && (await isValid(warrant, heard.from)))) {
      doubted = heard
      return []
    }
    newest.set(adapter, version)
    return [heard]
  }

  async function ordered(heard: Heard, order: Order): Promise<readonly Heard[]> {
    if (heard.from.role === 'coordinator') return signed(heard, order.signature)
    const { warrant } = order
    const isWithin = warrant !== null && isWithinTerms(order, warrant) && (await isValid(warrant, heard.from))
    if (!isWithin) return refused(heard)
    const late = doubted
    doubted = null
    const isNamed =
      late?.message.type === 'adapter' &&
      late.from.id === heard.from.id &&
      late.message.adapter === warrant.adapter &&
      late.message.version === warrant.version
    if (!isNamed) return [heard]
    newest.set(warrant.adapter, warrant.version)
    return [late, heard]
  }

  async function signed(heard: Heard, signature: string | null): Promise<readonly Heard[]> {
    return (await isSigned(letterText(code, heard.letter), signature)) ? [heard] : refused(heard)
  }

  function refused(heard: Heard): readonly Heard[] {
    doubt(heard)
    return []
  }

  return async (heard) => {
    const { message } = heard
    switch (message.type) {
      case 'adapter':
        return announced(heard, message)
      case 'order':
        return ordered(heard, message)
      case 'attach':
      case 'edge-order':
      case 'edge-devices':
      case 'shut-out':
      case 'estate':
        return signed(heard, message.signature)
      case 'will': {
        const isOwn = await isSigned(willText(message.will), message.will.signature)
        return isOwn && message.will.code === code ? [heard] : refused(heard)
      }
      case 'digest': {
        const believed = await signed(heard, message.signature)
        if (believed.length > 0 && message.standing) round = message.standing.round.number
        return believed
      }
      case 'welcome':
      case 'history':
      case 'trial':
      case 'judge':
      case 'forgotten':
      case 'refused':
      case 'record':
      // Papers show themselves what they are worth.
      case 'lineage':
        return [heard]
      // Of whoever merges, from the connection to it: what it lists is held against what was agreed (federation/secure/).
      case 'secure-begin':
      case 'secure-list':
      case 'secure-shares':
      case 'secure-unmask':
        return [heard]
    }
  }
}

/** Whether an edge orders what it may: this round, from its start or the edge's own versions, and no more work than was meant. */
function isWithinTerms(order: Order, warrant: Warrant): boolean {
  const { round, adapter, version, edge, edgeRounds } = warrant
  const isStart = order.adapter === adapter && order.version === version
  const isTurn =
    order.edge?.round === round && order.edge.turns === edgeRounds && order.edge.turn <= edgeRounds
  return (
    (isStart || order.adapter === edgeAdapter(edge)) &&
    isTurn &&
    order.forRound === round &&
    order.steps <= warrant.steps &&
    order.batch <= warrant.batch &&
    order.learningRate === warrant.learningRate &&
    order.proximal === warrant.proximal &&
    // How long a change may be, an edge has no say in.
    order.clip === null &&
    JSON.stringify(order.pool) === JSON.stringify(warrant.pool)
  )
}

const bytesOf = (hex: string) => new Uint8Array(hexToBytes(hex))
