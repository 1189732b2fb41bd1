/**
 * How reasoning speaks over a tab's network: letters for what is said once a text, whispers for what is said with every token, and
 * links to other tabs only while somebody asks. Who asks says so (`reason-who`); whoever hears it introduces itself, and again when
 * it has changed. A tab in which nobody asks sends nothing.
 */
import { emitter } from '../../lib/emitter'
import { mostWhisperBytes } from '../../network/letters/frames'
import type { Network, PeerId } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { LinkEvents, Links, Member } from '../../reasoning/ports'
import { type Hello, type Letter, letterSchema } from '../../reasoning/wire/letters'
import type { Language, Router } from '../router'

const channel = 1
/** The rows of a chunk of a prompt, for a model far wider than a tab can run. */
const mostParcelBytes = 4 << 20
const mostAdapterBytes = 64 << 20
/** An adapter that was asked for is taken for so long. */
const borrowingMs = 60_000
/** Whoever asks again and again who this tab is hears it once in so long. */
const introducedEveryMs = 1000
/** Links to more tabs than this cost more than they help. */
const mostReached = 16
/** On a busy machine a link takes a second or two, and a first hello as long again; whoever is silent for so long is awaited once. */
const gatheringMs = 6000
/** So long after a question others are still linked, for the next one. */
const restMs = 120_000

export interface TabLinks extends Links {
  /** Those of the room who have not said who they are, or hold another adapter. @param adapter the hash they must hold; null: any will do */
  arriving(adapter: string | null): number
  /** What this tab says of itself has changed. */
  introduce(): void
  close(): void
}

/** What may be attached at the moment: rows while somebody reasons with this tab, an adapter while it has asked for one. */
interface Expected {
  rows: () => boolean
  adapter: () => boolean
}

const languageOf = (expected: Expected): Language<Letter> => ({
  schema: letterSchema,
  attachedBytes: {
    'reason-parcel': () => (expected.rows() ? mostParcelBytes : 0),
    'reason-lend': () => (expected.adapter() ? mostAdapterBytes : 0),
  },
})

type Events = {
  letter: [from: PeerId, letter: Letter, attached: Uint8Array | null]
  packet: [from: PeerId, bytes: Uint8Array]
  lost: [id: PeerId]
  changed: []
}

/** Says what is understood; to be called before the tab enters its room. */
export function listenForReasoning(
  router: Router,
): (network: Network, clock: Clock, hello: (to: PeerId) => Hello | null) => TabLinks {
  const heard = emitter<Events>()
  const expected: Expected = { rows: () => false, adapter: () => false }
  const ear = router.understand(languageOf(expected))
  router.whispers({ channel, name: 'reasoning', mostBytes: mostWhisperBytes }, ({ id }, bytes) =>
    heard.emit('packet', id, bytes),
  )
  return (network, clock, hello) => {
    ear.hear(({ id }, letter, attached) => heard.emit('letter', id, letter, attached))
    return linksOver(network, clock, hello, heard, expected)
  }
}

const holds = (hello: Hello | undefined, adapter: string | null): boolean =>
  hello !== undefined && (adapter === null || hello.adapter === adapter)

function linksOver(
  network: Network,
  clock: Clock,
  hello: (to: PeerId) => Hello | null,
  heard: ReturnType<typeof emitter<Events>>,
  expected: Expected,
): TabLinks {
  const hellos = new Map<PeerId, Hello>()
  /** Those that asked who this tab is. */
  const curious = new Set<PeerId>()
  let isGathering = false
  let cancelRest = () => {}
  /** Who was asked for an adapter, and until when it is awaited. */
  const lenders = new Map<PeerId, number>()
  const introducedAtMs = new Map<PeerId, number>()
  /** They did not say who they are when they were asked: nobody waits for them a second time. */
  const silent = new Set<PeerId>()
  expected.rows = () => hellos.size > 0 || curious.size > 0
  expected.adapter = () => [...lenders.values()].some((untilMs) => clock.now() < untilMs)

  const write = (to: PeerId, letter: Letter, attached?: Uint8Array): void => {
    if (letter.type === 'reason-borrow') lenders.set(to, clock.now() + borrowingMs)
    const lane = attached && attached.length <= 65_536 ? 'control' : undefined
    network.send(to, letter, { attachment: attached, lane }).catch(() => {})
  }
  const introduceTo = (to: PeerId): boolean => {
    const own = hello(to)
    if (own) write(to, own)
    return own !== null
  }
  const answerWho = (from: PeerId): void => {
    curious.add(from)
    const sinceMs = clock.now() - (introducedAtMs.get(from) ?? Number.NEGATIVE_INFINITY)
    if (sinceMs >= introducedEveryMs && introduceTo(from)) introducedAtMs.set(from, clock.now())
  }
  const reachOut = (): void => {
    network.reach('reasoning', isGathering ? [...network.sighted].slice(0, mostReached) : [])
  }
  const forget = (id: PeerId): void => {
    curious.delete(id)
    lenders.delete(id)
    introducedAtMs.delete(id)
    silent.delete(id)
    heard.emit('lost', id)
    if (hellos.delete(id)) heard.emit('changed')
  }

  const stops = [
    heard.on('letter', (from, letter, attached) => {
      if (letter.type === 'reason-hello') {
        const isNews = JSON.stringify(hellos.get(from)) !== JSON.stringify(letter)
        hellos.set(from, letter)
        if (isNews) heard.emit('changed')
      } else if (letter.type === 'reason-who') {
        answerWho(from)
      } else if (letter.type === 'reason-lend' || letter.type === 'reason-refuse') {
        lenders.delete(from)
      } else if (letter.type === 'reason-parcel' && attached) heard.emit('packet', from, attached)
    }),
    network.on('join', ({ id }) => {
      if (isGathering) write(id, { type: 'reason-who' })
    }),
    network.on('sighted', reachOut),
    network.on('leave', ({ id }) => forget(id)),
    network.on('change', ({ id, liveness }) => {
      // Whoever is silent is not waited for; should it come back, it is there again.
      if (liveness === 'suspect') heard.emit('lost', id)
      if (hellos.has(id)) heard.emit('changed')
    }),
  ]

  return {
    self: network.self,
    members: () =>
      [...hellos].flatMap(([id, its]): Member[] => {
        const peer = network.peers.get(id)
        if (peer?.liveness !== 'live') return []
        return [{ id, name: peer.name, hello: its, roundTripMs: peer.roundTripMs }]
      }),
    async gather(signal) {
      cancelRest()
      isGathering = true
      reachOut()
      // Those that are known are asked how busy they are now; nobody waits for that.
      for (const id of network.peers.keys()) write(id, { type: 'reason-who' })
      await allIntroduced(signal)
      cancelRest = clock.after(restMs, () => {
        isGathering = false
        reachOut()
      })
    },
    write,
    send(to, packet) {
      if (packet.length <= mostWhisperBytes) void network.whisper(to, channel, packet).catch(() => {})
      else write(to, { type: 'reason-parcel' }, packet)
    },
    on({ letter, packet, lost, changed }: LinkEvents) {
      const stopped = [
        letter && heard.on('letter', letter),
        packet && heard.on('packet', packet),
        lost && heard.on('lost', lost),
        changed && heard.on('changed', changed),
      ]
      return () => {
        for (const stop of stopped) stop?.()
      }
    },
    arriving: (adapter) => [...network.sighted].filter((id) => !holds(hellos.get(id), adapter)).length,
    introduce() {
      for (const id of curious) introduceTo(id)
    },
    close() {
      cancelRest()
      for (const stop of stops) stop()
      network.reach('reasoning', [])
    },
  }

  /** Resolves once everybody in sight has said hello, or after a moment. */
  function allIntroduced(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        cancel()
        stop()
        signal.removeEventListener('abort', aborted)
        finish()
      }
      const look = () => {
        const awaited = [...network.sighted].slice(0, mostReached)
        if (awaited.every((id) => hellos.has(id) || silent.has(id))) settle(resolve)
      }
      const aborted = () => settle(() => reject(signal.reason as Error))
      const cancel = clock.after(gatheringMs, () => {
        for (const id of network.sighted) if (!hellos.has(id)) silent.add(id)
        settle(resolve)
      })
      const stop = heard.on('changed', look)
      signal.addEventListener('abort', aborted)
      look()
    })
  }
}
