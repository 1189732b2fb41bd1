/**
 * This tab as an edge. It is opened when somebody needs one, and goes with the engine that it merges for; the coordinator's
 * newest version is handed to it as soon as it is here. Under another coordinator it begins anew: of what the last one made nobody
 * can say any more whether it stands, and versions of the same number may be others.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { messageOf } from '../../lib/messageOf'
import type { Identity } from '../../network/identity/identity'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { Edge } from '../edge/edge'
import type { Workplace } from '../local/workplace'
import type { OpenMerging } from '../merging/merging'
import type { Tab } from '../tab/tab'
import type { FromCoordinator } from '../wire/messages'
import type { Held, Holding } from './holding'
import type { Outbox } from './outbox'

export interface OwnEdgeParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly network: Pick<Network, 'peers' | 'on' | 'lanBytes'>
  readonly identity: Identity
  readonly outbox: Pick<Outbox, 'toDevice' | 'say'>
  readonly holding: Pick<Holding, 'common'>
  readonly openMerging: OpenMerging
  readonly workplace: Pick<Workplace, 'on' | 'engine'>
}

export class OwnEdge {
  readonly #parts: OwnEdgeParts
  #edge: Edge | null = null
  /** Whether the version that this tab holds is a former coordinator's. */
  #isOutdated = false

  constructor(parts: OwnEdgeParts) {
    this.#parts = parts
    // Whatever was merged with the last engine is gone with it.
    parts.workplace.on('engine', () => this.#close())
    const met = [...parts.network.peers.values()].find(({ role }) => role === 'coordinator')
    let last = met && bytesToHex(met.publicKey)
    parts.network.on('join', ({ role, publicKey }) => {
      if (role !== 'coordinator') return
      const next = bytesToHex(publicKey)
      if (last !== undefined && last !== next) {
        this.#close()
        this.#isOutdated = true
      }
      last = next
    })
  }

  /** Null as long as there is no engine. */
  opened(): Edge | null {
    const { tab, clock, identity, network, outbox, holding, openMerging, workplace } = this.#parts
    const running = workplace.engine()
    if (this.#edge || !running) return this.#edge
    this.#edge = new Edge({
      tab,
      clock,
      identity,
      engine: running,
      openMerging,
      send: (to, message, attachment) => outbox.toDevice(to, message, attachment),
      forward: outbox.say,
      lanBytes: () => network.lanBytes,
    })
    const held = holding.common()
    if (held && !this.#isOutdated) this.adopt(held)
    return this.#edge
  }

  /** What the coordinator says to it. */
  obey(message: FromCoordinator & { type: 'edge-order' | 'edge-devices' }): void {
    if (message.type === 'edge-order') this.opened()?.order(message)
    else this.#edge?.devices(message.round, message.devices)
  }

  /** A version of the coordinator's is here. */
  adopt({ name, hash, global, bytes, signature }: Held): void {
    this.#isOutdated = false
    this.#edge
      ?.adopt({ ...name, hash, folds: global.folds, bytes: bytes.slice() }, signature)
      .catch((error: unknown) => this.#parts.tab.problem('merge-failed', messageOf(error)))
  }

  left(device: string): void {
    this.#edge?.left(device)
  }

  #close(): void {
    this.#edge?.close()
    this.#edge = null
  }
}
