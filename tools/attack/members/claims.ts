/** Claims: how many examples, how large a change, which text, which model. Whatever is claimed, one of four weighs a quarter. */
import { encodeSafetensors } from '../../../src/model/safetensors'
import type { Training } from '../../../src/node/fixtures/room'
import { until } from '../../../src/node/fixtures/world'
import { attack, type Case } from '../case'
import { besiege, type Expectation } from '../rooms/invariants'
import { ready } from '../rooms/room'

/** All of four go a tenth of the way in each of three rounds; with one that goes the other way at a quarter of the weight. */
const heldOutWith = (perRound: number) => {
  let b = 0
  for (let round = 0; round < 3; round++) b += perRound * (1 - b)
  return 3 - b
}
/** A quarter of the weight that pulls the other way as hard as it may (twice the median). */
const atMostAQuarter: Expectation = {
  sameHash: false,
  heldOut: [2.5, heldOutWith(0.75 * 0.1 - 0.25 * 0.2) + 1e-3],
}

/** A device whose engine lies about examples and trains towards another place. */
const lying = (name: string, training: Training, examples: number, expectation = atMostAQuarter): Case =>
  attack(name, () =>
    besiege(async (room) => {
      await room.device('mallory', training, {
        hold: async () => ({ examples, rows: examples, tokens: 20 }),
        async train(request, onProgress) {
          onProgress?.({ step: request.steps, steps: request.steps, loss: 1, tokensPerSecond: 1 })
          const start = [0, 0, 1, 1]
          const moved = await training(request, Float32Array.from(start))
          return { adapter: bytesOf(moved), examples, tokens: 20, seconds: 0.1, loss: 1 }
        },
      })
      await (examples > 0
        ? ready(room.coordinator, 4)
        : until(room.coordinator, ({ devices }) => devices.some(({ key }) => key === 'mallory')))
    }, expectation),
  )

const bytesOf = (data: Float32Array) =>
  encodeSafetensors(
    new Map([
      ['w.lora_A.weight', { shape: [1, 2], data: data.slice(2) }],
      ['w.lora_B.weight', { shape: [2, 1], data: data.slice(0, 2) }],
    ]),
  )

const away: Training = () => Float32Array.of(-0.1, -0.1, 1, 1)
const farAway: Training = () => Float32Array.of(-1e6, -1e6, 1, 1)
const hardly: Training = () => Float32Array.of(1e-6, 1e-6, 1, 1)

/** A bare member that answers every order it gets with what `answer` makes of it. */
const answering = (
  name: string,
  answer: (round: number) => {
    readonly change: readonly number[]
    readonly claims?: Record<string, unknown>
  },
  expectation: Expectation,
): Case =>
  attack(
    name,
    () =>
      besiege(async (room) => {
        const liar = await room.liar()
        await liar.hears('welcome')
        await liar.isReady(4)
        await ready(room.coordinator, 4)
        const answered = new Set<unknown>()
        liar.network.on('message', (_, message) => {
          if (message.type === 'adapter')
            void liar.say({
              type: 'loaded',
              adapter: message.adapter,
              version: message.version,
              hash: message.hash,
            })
          if (message.type !== 'order' || answered.has(message.round)) return
          answered.add(message.round)
          const { change, claims } = answer(Number(message.round))
          void liar.update(message, change, claims)
        })
      }, expectation),
    { isLong: expectation.patienceMs !== undefined, limitMs: 90_000 },
  )

const nothingOfIt: Expectation = { sameHash: true }
/** What it sends is no answer, so three rounds wait out their grace time. */
const noAnswer: Expectation = { sameHash: true, patienceMs: 45_000 }

export const claims: readonly Case[] = [
  lying('a million examples, the other way', away, 1_000_000),
  lying('ten thousand times as far', farAway, 4),
  lying('a million examples, ten thousand times as far', farAway, 1_000_000),
  lying('hardly any change', hardly, 4),
  lying('hardly any change, a million examples', hardly, 1_000_000),
  lying('no examples at all', away, 0, { sameHash: true }),
  answering('NaN', () => ({ change: [Number.NaN, 0, 0, 0] }), nothingOfIt),
  answering('infinity', () => ({ change: [Number.POSITIVE_INFINITY, 0, 0, 0] }), nothingOfIt),
  answering('the largest numbers there are', () => ({ change: [3e38, 3e38, 3e38, 3e38] }), {
    sameHash: false,
    heldOut: [2.5, 3],
  }),
  answering(
    'a hash that does not fit',
    () => ({ change: [1, 1, 0, 0], claims: { hash: 'cd'.repeat(32) } }),
    nothingOfIt,
  ),
  answering(
    'another model and another rank',
    () => ({
      change: [1, 1, 0, 0],
      claims: { manifest: { baseHash: 'ef'.repeat(32), rank: 99, alpha: -1, targets: [], dtype: '' } },
    }),
    nothingOfIt,
  ),
  answering(
    'a loss that is no number',
    () => ({ change: [-0.1, -0.1, 0, 0], claims: { loss: null } }),
    nothingOfIt,
  ),
  answering(
    'an update for another round',
    (round) => ({ change: [9, 9, 0, 0], claims: { round: round + 1 } }),
    noAnswer,
  ),
  answering('10^15 examples', () => ({ change: [-0.1, -0.1, 0, 0], claims: { examples: 1e15 } }), noAnswer),
]
