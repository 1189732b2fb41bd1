/**
 * The coordinator's half of being forgotten: a device's wish, or that of this tab's person for it, goes to the reducer; once the
 * room has unlearned it, the coordinator measures what the others still know, and tells the device, which alone has the text
 * to measure the rest. Nobody is told of a wish of somebody else's, and nobody but the device itself can certify it.
 */
import { able } from '../../federation/members'
import { globalAdapter } from '../../federation/names'
import type {
  CoordinatorEffect,
  CoordinatorHappening,
  DeviceKey,
  FederationState,
} from '../../federation/types'
import type { Certificate, KeptLoss } from '../../federation/unlearning/certificate'
import type { Wish } from '../../federation/unlearning/wish'
import { messageOf } from '../../lib/messageOf'
import { sentence } from '../../lib/sentence'
import type { Post } from '../executor/post'
import type { Versions } from '../executor/versions'
import { sharesOf } from '../local/shares'
import type { Merging } from '../merging/merging'
import type { Engine, Tab } from '../tab/tab'
import type { FromCoordinator, FromDevice } from '../wire/messages'
import type { PoolMember } from '../wire/parts'

/** A room trains anew for each: nobody may ask it to again and again. */
const mostWishes = 5
const keptShelf = 'kept by others'

export interface ForgettingParts {
  readonly tab: Tab
  readonly engine: () => Engine
  readonly versions: Versions
  readonly merging: Merging
  readonly send: Post['send']
  readonly happen: (event: CoordinatorHappening) => void
  readonly state: () => FederationState
  /** Whose held-out text can be rebuilt. */
  readonly pool: () => readonly PoolMember[]
  readonly nameOf: (device: DeviceKey) => string
}

export interface Forgetting {
  ask(wish: Wish): void
  perform(effect: CoordinatorEffect & { readonly type: 'forgotten' }): void
  /** A device has measured what was its own. */
  certified(device: DeviceKey, message: FromDevice & { readonly type: 'certified' }): void
  /** It comes back: what it has not certified yet it is told again. */
  welcome(device: DeviceKey): void
}

type Told = FromCoordinator & { readonly type: 'forgotten' }

export function forgettingOf(parts: ForgettingParts): Forgetting {
  const { tab, engine, versions, merging, send, happen, state, pool, nameOf } = parts
  const wishes = new Map<DeviceKey, number>()
  /** The adapter in which it still was, by device. */
  const before = new Map<DeviceKey, Uint8Array>()
  /** Told, and not yet certified. */
  const open = new Map<string, Told>()

  async function keptBy(wish: Wish): Promise<KeptLoss> {
    const { members } = state()
    const index = wish.of === 'everything' ? members.find(({ key }) => key === wish.device)?.index : undefined
    const others = pool().filter((member) => member.index !== index)
    const shares = sharesOf(tab.store.getState().settings, others)
    if (shares.length === 0) return { before: null, after: null }
    const { compute } = engine()
    await compute.hold(
      keptShelf,
      shares.flatMap(({ share }) => share.heldOut),
    )
    const lossOf = async (adapter: Uint8Array) => (await compute.evaluate(adapter, keptShelf)).loss
    const old = before.get(wish.device)
    return {
      before: old ? await lossOf(old) : null,
      after: await lossOf(versions.newest(globalAdapter).whole.bytes),
    }
  }

  function show(
    { device }: Wish,
    { of, unlearned, before, version, kept }: Told,
    forgotten: Certificate['forgotten'],
  ) {
    const { room, certificates } = tab.store.getState()
    const name = nameOf(device)
    const versionsOf = { before, after: version }
    const made: Certificate = { room, device: name, of, unlearned, versions: versionsOf, forgotten, kept }
    const isOlder = (other: Certificate) =>
      other.device === name && other.of === of && other.versions.after === version && other.forgotten === null
    tab.set({ certificates: [...certificates.filter((other) => !isOlder(other)), made] })
  }

  async function tell({ wish, unlearned, before: old, version }: CoordinatorEffect & { type: 'forgotten' }) {
    const kept = await keptBy(wish).catch((error: unknown) => {
      tab.problem('measuring-failed', sentence(`What is left could not be measured: ${messageOf(error)}`))
      return { before: null, after: null }
    })
    before.delete(wish.device)
    const told: Told = { type: 'forgotten', of: wish.of, unlearned, before: old, version, kept }
    open.set(placeOf(wish), told)
    show(wish, told, null)
    send(wish.device, told)
  }

  return {
    ask(wish) {
      const { device } = wish
      const asked = wishes.get(device) ?? 0
      if (!state().members.some(({ key }) => key === device))
        throw new Error('No device of this room has that key, so nothing of it can be forgotten.')
      if (asked >= mostWishes) {
        const reason = `It has asked ${mostWishes} times to be forgotten: each time the room trains anew.`
        return send(device, { type: 'refused', round: 0, reason })
      }
      const others = able(state().members).filter((key) => key !== device)
      if (others.length === 0)
        tab.problem(
          'nobody-left',
          'Nobody else is here who could train, so nothing can be unlearned yet: the room goes on with it as soon as somebody is back who took part.',
        )
      wishes.set(device, asked + 1)
      before.set(device, versions.newest(globalAdapter).whole.bytes)
      happen({ type: 'forget-asked', ...wish })
    },
    perform(effect) {
      const { wish } = effect
      // Updates of before are kept to compare devices by.
      merging.forgetAllOf(wish.device).catch(() => {})
      void tell(effect)
    },
    certified(device, { of, forgotten }) {
      const told = open.get(placeOf({ device, of }))
      if (!told)
        return tab.problem(
          'nobody-asked',
          `${nameOf(device)} certifies what nobody has asked to be forgotten. It counts for nothing.`,
        )
      open.delete(placeOf({ device, of }))
      show({ device, of }, told, forgotten)
    },
    welcome(device) {
      for (const of of ['everything', 'text'] as const) {
        const told = open.get(placeOf({ device, of }))
        if (told) send(device, told)
      }
    },
  }
}

const placeOf = ({ device, of }: Wish): string => `${of} ${device}`
