/**
 * What a device does once its coordinator is lost: it looks at the clock, votes when it is asked and, where it is an heir, asks
 * itself when it is its turn. All of it ends when a coordinator is there, the same or another one. Links to other devices are
 * wished for only meanwhile.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { type Candidacy, waitOf } from '../../federation/succession/election'
import type { Certificate } from '../../federation/succession/succession'
import type { SigningKey } from '../../network/identity/identity'
import { isCoordinator } from '../../network/ids'
import type { Network, Peer } from '../../network/network'
import type { Ear } from '../router'
import { nameInRoom, type Self } from '../self'
import type { Tab } from '../tab/tab'
import type { FromElector } from '../wire/successionMessages'
import type { World } from '../world'
import { campaignOf } from './campaign'
import type { Heir } from './heir'
import type { KnownLineage } from './lineage'
import { voterOf } from './votes'

export interface VacancyParts {
  readonly tab: Tab
  readonly world: Pick<World, 'clock' | 'identity'>
  readonly self: Pick<Self, 'storage' | 'signingKey'>
  /** The room's code. */
  readonly code: string
  readonly network: Network
  readonly electors: Ear<FromElector>
  readonly heir: Heir
  readonly lineage: KnownLineage
  /** Of the coordinator to which another life of this tab belonged, in hex; null: of none. */
  readonly coordinatorKey: string | null
  /** @returns whether the room is this tab's now */
  readonly elected: (certificate: Certificate, signingKey: SigningKey) => Promise<boolean>
}

const purpose = 'election'
/** An heir that could not stand, because something was on its way, looks again. */
const lookAgainMs = 5_000

export function watchVacancy(parts: VacancyParts): void {
  const { tab, world, self, code, network, electors, heir, lineage, elected } = parts
  const { clock, identity } = world
  const { storage, signingKey } = self
  const { selfKey } = tab
  const ballotName = nameInRoom(code, selfKey)
  let { coordinatorKey } = parts
  let lostAtMs: number | null = null
  let stop = () => {}
  const silenceMs = () => 1000 * tab.store.getState().settings.silence
  const show = (isElecting: boolean) => {
    const { succession } = tab.store.getState()
    if (succession.isElecting !== isElecting) tab.set({ succession: { ...succession, isElecting } })
  }

  const voter = voterOf({
    identity,
    signingKey,
    elector: () => ({
      self: selfKey,
      term: lineage.term(),
      will: heir.will(),
      version: tab.store.getState().version,
      hasLost: lostAtMs !== null && clock.now() - lostAtMs >= silenceMs(),
    }),
    // One that was elected and went before it had made a will leaves the room to its predecessor's heirs.
    testator: () => heir.will()?.by ?? coordinatorKey,
    load: () => storage.loadBallot(ballotName),
    save: (ballot) => storage.saveBallot(ballotName, ballot),
  })
  const campaign = campaignOf({
    clock,
    identity,
    self: selfKey,
    term: lineage.term,
    voter,
    ask(roster, candidacy) {
      network.reach(purpose, others())
      for (const { id, deviceKey } of network.peers.values())
        if (roster.includes(deviceKey)) say(id, { type: 'candidacy', ...candidacy })
    },
    won(certificate, key) {
      network.reach(purpose, [])
      void elected(certificate, key).then((isTaken) => {
        if (!isTaken) stop = clock.after(lookAgainMs, stand)
      })
    },
  })

  const say = (to: string, message: FromElector) => void network.send(to, message).catch(() => {})

  /** Everybody else who is here: whoever was loaded anew has an id of which nobody has told yet whose it is. */
  const others = () => [...network.sighted].filter((id) => !isCoordinator(id))

  function stand(): void {
    stop()
    const [will, estate] = [heir.will(), heir.estate()]
    if (lostAtMs === null || !will) return
    const place = will.heirs.indexOf(selfKey)
    if (place < 0) return
    const dueInMs = lostAtMs + waitOf(silenceMs(), place) - clock.now()
    const isDue = dueInMs <= 0
    if (isDue && estate) {
      show(true)
      return void campaign.begin(will)
    }
    stop = clock.after(isDue ? lookAgainMs : dueInMs, stand)
  }

  async function asked({ id, deviceKey }: Peer, candidacy: Candidacy): Promise<void> {
    if (candidacy.heir !== deviceKey) return
    const { term, coordinator } = candidacy
    const vote = await voter.answer(candidacy)
    if (typeof vote !== 'string') {
      show(true)
      return say(id, { type: 'vote', term, coordinator, vote })
    }
    const seen = (await voter.ballot())?.term ?? 0
    say(id, { type: 'no-vote', term, coordinator, why: vote, seen })
  }

  const met = (publicKey: Uint8Array) => {
    coordinatorKey = bytesToHex(publicKey)
    lostAtMs = null
    stop()
    campaign.end()
    network.reach(purpose, [])
    show(false)
  }
  const lost = () => {
    lostAtMs = clock.now()
    stand()
  }
  const present = [...network.peers.values()].find(({ role }) => role === 'coordinator')
  if (present) met(present.publicKey)
  // Loaded anew while nobody coordinates: its silence begins here.
  else lost()
  network.on('join', ({ role, publicKey }) => {
    if (role === 'coordinator') met(publicKey)
  })
  network.on('leave', ({ role }) => {
    const isLost = ![...network.peers.values()].some((peer) => peer.role === 'coordinator')
    if (role === 'coordinator' && isLost) lost()
  })
  electors.hear(
    (from, said) => {
      switch (said.type) {
        case 'candidacy':
          return void asked(from, said)
        case 'vote':
          return void campaign.vote(from.deviceKey, said.vote, said.term, said.coordinator)
        case 'no-vote':
          return campaign.heardOf(said.seen)
      }
    },
    ({ role }) => (role === 'coordinator' ? 'nonsense' : 'heard'),
  )
}
