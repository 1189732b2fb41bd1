/**
 * Secure rounds, letter by letter: what a liar says to whoever merges, and what whoever merges says to an honest device. Letters are
 * near honest ones, and most of them fit the schema, with the keys, shares and names of others in the place of the right ones. Whatever
 * is said, the others go on, no sum comes out but the right one, and a device tells of nobody both secrets.
 */
import { isDeepStrictEqual } from 'node:util'
import { type SecureClient, secureClient } from '../../../src/federation/secure/client'
import { thresholdOf } from '../../../src/federation/secure/graph'
import { UnmaskingError } from '../../../src/federation/secure/unmasking'
import { fromBase64, toBase64 } from '../../../src/lib/base64'
import { sha256Hex } from '../../../src/lib/hash'
import type { Random } from '../../../src/lib/rng'
import { readBy } from '../../../src/lib/schema'
import { seededIdentities } from '../../../src/network/identity/seeded'
import { tabClock } from '../../../src/network/time/clock'
import { Masking } from '../../../src/node/device/masking'
import { SecureRounds } from '../../../src/node/executor/secure'
import { makeTab } from '../../../src/node/tab/tab'
import { handUnder } from '../../../src/node/wire/hands'
import { fromCoordinator, fromDevice, type Order } from '../../../src/node/wire/messages'
import {
  type FromWhoMerges,
  isFromWhoMerges,
  isToWhoMerges,
  type ToWhoMerges,
} from '../../../src/node/wire/secureMessages'
import { defaultSettings } from '../../../src/settings/reading'
import { attack, broken, type Case } from '../case'
import { fuzz } from './fuzz'
import { type Json, mutateJson } from './mutate'

const devices = ['a', 'b', 'c', 'd'] as const
/** The first: its shares are among those that secrets are put together from. */
const liar = 'a'
const listener = 'd'
const numbers = Float32Array.of(0.5, -0.25, 0.125)
const session = '00'.repeat(16)
const [adapter, round] = ['global', 1] as const
const needed = thresholdOf(devices.length, false)

/** Everybody's honest half, the same each time. */
async function honestClients() {
  const world = seededIdentities(1)
  const clients = new Map<string, SecureClient>()
  for (const device of devices) {
    world.keyOf(device)
    clients.set(device, await secureClient(device, world(device)))
  }
  const keysOf = async (device: string) => {
    const { cipherKey, maskKey } = clients.get(device)!.keys
    const written = { cipherKey: toBase64(cipherKey), maskKey: toBase64(maskKey) }
    const hand = await handUnder(world(device), world.keyOf(device), session, { device, ...written })
    return { ...written, hand }
  }
  return { world, clients, keysOf }
}

interface Said {
  readonly by: string
  readonly letter: ToWhoMerges
  readonly bytes: Uint8Array | null
}

function merging(heard: (device: string) => void) {
  const told = new Map<string, FromWhoMerges[]>()
  const rounds = new SecureRounds({
    cryptography: { ...seededIdentities(2)('merger'), randomBytes: (count) => new Uint8Array(count) },
    send: (to, message) => void told.set(to, [...(told.get(to) ?? []), message]),
    happen: (event) => {
      if (event.type === 'step-taken' || event.type === 'update-arrived') heard(event.device)
    },
    refuse: () => {},
    isAwaited: () => true,
    countOf: () => numbers.length,
    trained: () => {},
  })
  const effect = { adapter, round } as const
  rounds.perform({ ...effect, type: 'ask-keys', to: [...devices] })
  return { rounds, told, effect }
}

type Merging = ReturnType<typeof merging>

/** What follows once all have taken a step. */
function goOn({ rounds, effect }: Merging, step: ToWhoMerges['type']): void {
  if (step === 'secure-keys')
    rounds.perform({
      ...effect,
      type: 'close-roster',
      devices: devices.map((device) => ({ device, weight: 2 })),
      merger: null,
    })
  if (step === 'secure-shared') rounds.perform({ ...effect, type: 'pass-shares', to: [...devices] })
  if (step === 'masked') rounds.perform({ ...effect, type: 'unmask', survivors: [...devices] })
}

const lastOf = ({ told }: Merging, device: string) => told.get(device)!.at(-1)!

/** One whole round among the honest. */
async function honestTalk() {
  const { clients, keysOf } = await honestClients()
  const room = merging(() => {})
  const said: Said[] = []
  const say = (by: string, letter: ToWhoMerges, bytes: Uint8Array | null = null) => {
    said.push({ by, letter, bytes })
    room.rounds.hear(by, letter, bytes)
  }
  for (const device of devices) say(device, { type: 'secure-keys', session, ...(await keysOf(device)) })
  goOn(room, 'secure-keys')
  for (const device of devices) {
    const list = lastOf(room, device)
    if (list.type !== 'secure-list') throw new Error('No list was sent.')
    const parties = list.parties.map(({ cipherKey, maskKey, ...party }) => ({
      ...party,
      cipherKey: fromBase64(cipherKey),
      maskKey: fromBase64(maskKey),
    }))
    const { commitment, sealed } = await clients.get(device)!.share({ parties, merger: null })
    say(device, { type: 'secure-shared', session, commitment, sealed: written(sealed) })
  }
  goOn(room, 'secure-shared')
  for (const device of devices) {
    const shares = lastOf(room, device)
    if (shares.type !== 'secure-shares') throw new Error('No shares were sent.')
    const sealed = Object.fromEntries(
      Object.entries(shares.sealed).map(([other, text]) => [other, fromBase64(text)]),
    )
    const bytes = await clients.get(device)!.send(sealed, numbers, shares.range)
    const common = { session, version: 0, examples: 4, loss: 2, within: null }
    say(device, { type: 'masked', ...common, hash: sha256Hex(bytes) }, bytes)
  }
  goOn(room, 'masked')
  for (const device of devices) {
    const { ofMasks, ofKeys } = await clients.get(device)!.unmask([...devices])
    say(device, { type: 'secure-told', session, ofMasks: written(ofMasks), ofKeys: written(ofKeys) })
  }
  const { mean } = await room.rounds.open(room.effect)
  return { said, mean, toListener: room.told.get(listener)! }
}

const written = (bytes: Readonly<Record<string, Uint8Array>>): Record<string, string> =>
  Object.fromEntries(Object.entries(bytes).map(([device, own]) => [device, toBase64(own)]))

const honest = await honestTalk()
const leavesOf = (value: Json): Json[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value]

/** A letter in which some things are others that are known, are missing, or stand there twice. */
function mixed(dice: Random, value: Json, known: readonly Json[]): Json {
  if (Array.isArray(value)) {
    const all = value.map((each: Json) => mixed(dice, each, known))
    if (all.length === 0 || dice.int(6) > 0) return all
    const at = dice.int(all.length)
    return dice.int(2) === 0 ? all.toSpliced(at, 1) : [...all, all[at]]
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, own]) => [
        name.length === 1 && dice.int(6) === 0 ? dice.pick(devices) : name,
        name === 'type' || name === 'session' ? own : mixed(dice, own, known),
      ]),
    )
  if (dice.int(6) > 0) return value
  return dice.pick([value, ...known.filter((leaf) => String(leaf).length === String(value).length)])
}

const near = (dice: Random, letters: readonly Json[], known: readonly Json[]): Json => {
  const letter = dice.pick(letters)
  return dice.int(4) === 0 ? mutateJson(dice, letter) : mixed(dice, letter, known)
}

interface Lie {
  /** Before which honest letter. */
  readonly before: number
  readonly letter: Json
}

/** What comes of a round in which the liar says this, too; null: it does not lie. */
async function mergedWith(lie: { readonly before: number; readonly letter: ToWhoMerges } | null) {
  const steps = new Map<string, number>(devices.map((device) => [device, 0]))
  const room = merging((device) => void steps.set(device, steps.get(device)! + 1))
  const vector = honest.said.find(({ by, bytes }) => by === liar && bytes)!.bytes
  for (const [at, { by, letter, bytes }] of honest.said.entries()) {
    if (at === lie?.before) room.rounds.hear(liar, lie.letter, vector)
    room.rounds.hear(by, letter, bytes)
    if (at % devices.length === devices.length - 1) goOn(room, letter.type)
  }
  if (lie?.before === honest.said.length) room.rounds.hear(liar, lie.letter, vector)
  const mean = await room.rounds.open(room.effect).then(
    (opened) => opened.mean,
    (error: unknown) => {
      if (error instanceof UnmaskingError) return null
      throw error
    },
  )
  return { steps, mean }
}

const toWhoMerges = fuzz<Lie>({
  name: 'letters of a secure round, to whoever merges',
  declared: [],
  draw(dice) {
    const before = dice.int(honest.said.length + 1)
    // Nobody knows a key before it is said.
    const letters = honest.said.filter(({ by }, at) => at < before || by === liar).map(({ letter }) => letter)
    return { before, letter: near(dice, letters, letters.flatMap(leavesOf)) }
  },
  async decode({ before, letter }) {
    const read = readBy(fromDevice, letter)
    if (!read.success || !isToWhoMerges(read.data)) return undefined
    const { steps, mean } = await mergedWith({ before, letter: read.data })
    return [
      ...[...steps].flatMap(([device, count]) =>
        device === liar || count === 4 ? [] : [`${device} takes ${count} steps, not 4`],
      ),
      ...(mean === null || isDeepStrictEqual(mean, honest.mean) ? [] : ['another sum comes out']),
    ]
  },
})

/** Until everything that was begun has come to rest. */
const rest = () => new Promise((resolve) => setImmediate(resolve))
const trained = {
  order: { round } as Order,
  isCurrent: () => true,
  vector: numbers,
  examples: 4,
  loss: 2,
  within: null,
  draw: 0,
}

/** All that an honest device answers where it is told this, too; null: nothing but what is right. */
async function answersTo(
  lie: { readonly before: number; readonly letter: FromWhoMerges } | null,
): Promise<readonly ToWhoMerges[]> {
  const { world, keysOf } = await honestClients()
  for (const device of devices) await keysOf(device)
  const tab = makeTab(defaultSettings, listener, 'Dora', tabClock())
  const masking = new Masking(tab, world(listener), world.keyOf(listener))
  const answers: ToWhoMerges[] = []
  const hear = async (message: FromWhoMerges) => {
    masking.hear(message, (answer) => void (isToWhoMerges(answer) && answers.push(answer)))
    await rest()
  }
  masking.send(trained)
  for (const [at, own] of honest.toListener.entries()) {
    if (at === lie?.before) await hear(lie.letter)
    await hear(own)
  }
  if (lie?.before === honest.toListener.length) await hear(lie.letter)
  return answers
}

const toDevice = fuzz<Lie>({
  name: 'letters of a secure round, to a device',
  declared: [],
  draw: (dice) => ({
    before: dice.int(honest.toListener.length + 1),
    letter: near(dice, honest.toListener, honest.toListener.flatMap(leavesOf)),
  }),
  async decode({ before, letter }) {
    const read = readBy(fromCoordinator, letter)
    if (!read.success || !isFromWhoMerges(read.data)) return undefined
    return complaintsAbout(await answersTo({ before, letter: read.data }))
  },
})

/** What an honest device must not have said. */
function complaintsAbout(answers: readonly ToWhoMerges[]): string[] {
  const told = answers.flatMap((answer) => (answer.type === 'secure-told' ? [answer] : []))
  const [masks, keys] = [
    new Set(told.flatMap(({ ofMasks }) => Object.keys(ofMasks))),
    new Set(told.flatMap(({ ofKeys }) => Object.keys(ofKeys))),
  ]
  const vectors = answers.flatMap((answer) => (answer.type === 'masked' ? [answer.hash] : []))
  return [
    ...[...masks].filter((device) => keys.has(device)).map((device) => `tells both secrets of ${device}`),
    ...told.filter(({ ofMasks }) => Object.keys(ofMasks).length < needed).map(() => 'tells of too few'),
    ...(new Set(vectors).size > 1 ? ['sends two vectors in one session'] : []),
    ...answers.flatMap((answer) =>
      answer.type === 'secure-refusal' && answer.reason === 'its keys could not be made or read'
        ? ['refuses without knowing why']
        : [],
    ),
  ]
}

/** Without which nothing would be shown by lies that come to nothing. */
const quiet = attack('a secure round in which nobody lies', async () => {
  const { mean } = await mergedWith(null)
  const answers = await answersTo(null)
  return broken({
    'the right sum comes out': isDeepStrictEqual(mean, honest.mean),
    'each letter is answered': answers.map(({ type }) => type).join() === honestSteps,
  })
})
const honestSteps = 'secure-keys,secure-shared,masked,secure-told'

export const secure: readonly Case[] = [quiet, toWhoMerges, toDevice]
