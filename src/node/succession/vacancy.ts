/**
 * What a device does once its coordinator is lost: it looks at the clock, votes when it is asked and, where it is an heir, asks
 * itself when it is its turn. All of it ends when a coordinator is there, the same or another one. Links to other devices are
 * wished for only meanwhile.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { type Candidacy, waitOf } from '../../federation/succession/election'
import type { Certificate } from '../../federation/succession/succession'
import type { DeviceKey } from '../../federation/types'
import type { SigningKey } from '../../network/identity/identity'
import type { Network, Peer } from '../../network/network'
import type { Ear } from '../router'
import type { Self } from '../self'
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
  /** @returns whether the room is this tab's now */
  readonly elected: (certificate: Certificate, signingKey: SigningKey) => Promise<boolean>
}

/** Under which a device's last vote in a room is kept. */
export const ballotNameOf = (code: string, self: DeviceKey): string => `${code} ${self}`

const purpose = 'election'
/** An heir that could not stand, because something was on its way, looks again. */
const lookAgainMs = 5_000

export function watchVacancy(parts: VacancyParts): void {
  const { tab, world, self, code, network, electors, heir, lineage, elected } = parts
  const { clock, identity } = world
  const { storage, signingKey } = self
  const { selfKey } = tab
  const ballotName = ballotNameOf(code, selfKey)
  let coordinatorKey: string | null = null
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
      network.reach(purpose, idsOf(roster))
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

  /** Where they were when they were last heard of, and still are. */
  function idsOf(roster: readonly DeviceKey[]): string[] {
    const { devices } = tab.store.getState()
    return devices.flatMap(({ key, peer }) =>
      key !== selfKey && roster.includes(key) && network.sighted.has(peer) ? [peer] : [],
    )
  }

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
  for (const { role, publicKey } of network.peers.values()) if (role === 'coordinator') met(publicKey)
  network.on('join', ({ role, publicKey }) => {
    if (role === 'coordinator') met(publicKey)
  })
  network.on('leave', ({ role }) => {
    const isLost = ![...network.peers.values()].some((peer) => peer.role === 'coordinator')
    if (role !== 'coordinator' || !isLost) return
    lostAtMs = clock.now()
    stand()
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
