/**
 * The coordinator's half of being forgotten: a device's wish, or that of this tab's person for it, goes to the reducer; once the
 * room has unlearned it, the coordinator measures what the others still know, and tells the device, which alone has the text
 * to measure the rest. Nobody but heirs is told of a wish of somebody else's, and nobody but the device itself can certify it. A wish stands in the
 * log as soon as it is heard, and what came of it is stored with the event that brought it about: a reload loses neither.
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
import { isWished } from '../../federation/unlearning/forgetting'
import type { Wish } from '../../federation/unlearning/wish'
import { messageOf } from '../../lib/messageOf'
import { sentence } from '../../lib/sentence'
import type { Post } from '../executor/post'
import type { Versions } from '../executor/versions'
import { sharesOf } from '../local/shares'
import type { Merging } from '../merging/merging'
import type { SavedForgetting, SavedRoom } from '../stored/storage'
import type { Engine, Tab } from '../tab/tab'
import type { FromDevice } from '../wire/messages'
import type { PoolMember } from '../wire/parts'

/** A room trains anew for each: nobody may ask it to again and again. */
const mostWishes = 5
const keptShelf = 'kept by others'

type Fulfilled = CoordinatorEffect & { readonly type: 'forgotten' }

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
  /** As it was stored before a reload. */
  readonly stored: SavedRoom['forgotten']
  readonly keep: (change: Pick<SavedRoom, 'forgotten'>) => void
}

export interface Forgetting {
  /** @param isAgain it was said before, and may have been heard */
  ask(wish: Wish, isAgain?: boolean): void
  /** What is stored with the event that brought these about, so that a reload loses none; null: nothing changes. */
  fulfilling(effects: readonly CoordinatorEffect[]): Pick<SavedRoom, 'forgotten'> | null
  perform(effect: Fulfilled): void
  /** All that was fulfilled, as it is kept, and as heirs are given it. */
  kept(): SavedRoom['forgotten']
  /** After a reload: shows the certificates of before, and measures what was not measured any more. */
  resume(): void
  /** A device has measured what was its own. */
  certified(device: DeviceKey, message: FromDevice & { readonly type: 'certified' }): void
  /** It comes back: what it has not certified yet it is told again. */
  welcome(device: DeviceKey): void
}

const unmeasured: KeptLoss = { before: null, after: null }

export function forgettingOf(parts: ForgettingParts): Forgetting {
  const { tab, versions, merging, send, happen, state, nameOf, stored, keep } = parts
  /** The adapter in which it still was, by wish. A reload loses it. */
  const before = new Map<string, Uint8Array>()
  let fulfilled = stored
  const wishes = new Map<DeviceKey, number>()
  for (const { wish } of stored) wishes.set(wish.device, (wishes.get(wish.device) ?? 0) + 1)

  const openOf = (wish: Wish) => fulfilled.find((each) => !each.isCertified && isSame(each.wish, wish))

  /** In the place of what was known of the same wish. */
  function change(old: SavedForgetting, changed: Partial<SavedForgetting>): SavedForgetting {
    const now = { ...old, ...changed }
    fulfilled = fulfilled.map((each) => (each === old ? now : each))
    keep({ forgotten: fulfilled })
    show()
    return now
  }

  const show = () => tab.set({ certificates: fulfilled.flatMap(({ certificate }) => certificate ?? []) })

  /** Measures what the others still know, and has the device measure the rest. */
  async function certify({ wish }: Fulfilled | SavedForgetting): Promise<void> {
    const kept = await keptLoss(parts, wish, before.get(placeOf(wish)) ?? null).catch((error: unknown) => {
      tab.problem('measuring-failed', sentence(`What is left could not be measured: ${messageOf(error)}`))
      return unmeasured
    })
    before.delete(placeOf(wish))
    const open = openOf(wish)
    if (!open) return
    const { unlearned, before: old, version } = open
    const certificate: Certificate = {
      room: tab.store.getState().room,
      device: nameOf(wish.device),
      of: wish.of,
      unlearned,
      versions: { before: old, after: version },
      forgotten: null,
      kept,
    }
    tell(change(open, { certificate }))
  }

  function tell({ wish, unlearned, before: old, version, certificate }: SavedForgetting): void {
    if (!certificate) return
    const { device, of } = wish
    send(device, { type: 'forgotten', of, unlearned, before: old, version, kept: certificate.kept })
  }

  return {
    ask(wish, isAgain = false) {
      const { device } = wish
      const asked = wishes.get(device) ?? 0
      if (isAgain && (isWished(state(), wish) || openOf(wish))) return
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
      before.set(placeOf(wish), versions.newest(globalAdapter).whole.bytes)
      happen({ type: 'forget-asked', ...wish })
    },
    fulfilling(effects) {
      const now = effects.flatMap((effect) => (effect.type === 'forgotten' ? [effect] : []))
      if (now.length === 0) return null
      const isReplaced = (each: SavedForgetting) =>
        !each.isCertified && now.some(({ wish }) => isSame(each.wish, wish))
      fulfilled = [
        ...fulfilled.filter((each) => !isReplaced(each)),
        ...now.map(({ type: _, ...effect }) => ({ ...effect, certificate: null, isCertified: false })),
      ]
      return { forgotten: fulfilled }
    },
    perform(effect) {
      // Updates of before are kept to compare devices by.
      merging.forgetAllOf(effect.wish.device).catch(() => {})
      void certify(effect)
    },
    kept: () => fulfilled,
    resume() {
      if (fulfilled.length > 0) show()
      for (const each of fulfilled) if (!each.isCertified && !each.certificate) void certify(each)
    },
    certified(device, { of, forgotten }) {
      const open = openOf({ device, of })
      if (!open?.certificate)
        return tab.problem(
          'nobody-asked',
          `${nameOf(device)} certifies what nobody has asked to be forgotten. It counts for nothing.`,
        )
      change(open, { certificate: { ...open.certificate, forgotten }, isCertified: true })
    },
    welcome(device) {
      for (const of of ['everything', 'text'] as const) {
        const open = openOf({ device, of })
        if (open) tell(open)
      }
    },
  }
}

const isSame = (one: Wish, other: Wish): boolean => one.device === other.device && one.of === other.of

const placeOf = ({ device, of }: Wish): string => `${of} ${device}`

/** What the others know, on text that they have kept back. @param before the adapter of before; null: nobody has it any more */
async function keptLoss(
  { tab, engine, versions, state, pool }: ForgettingParts,
  wish: Wish,
  before: Uint8Array | null,
): Promise<KeptLoss> {
  const { members } = state()
  const index = wish.of === 'everything' ? members.find(({ key }) => key === wish.device)?.index : undefined
  const others = pool().filter((member) => member.index !== index)
  const shares = sharesOf(tab.store.getState().settings, others)
  if (shares.length === 0) return unmeasured
  const { compute } = engine()
  await compute.hold(
    keptShelf,
    shares.flatMap(({ share }) => share.heldOut),
  )
  const lossOf = async (adapter: Uint8Array) => (await compute.evaluate(adapter, keptShelf)).loss
  return {
    before: before && (await lossOf(before)),
    after: await lossOf(versions.newest(globalAdapter).whole.bytes),
  }
}
