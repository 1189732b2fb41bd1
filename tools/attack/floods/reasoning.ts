/**
 * Too much of what tabs say when they reason together. Whoever serves computes, keeps and sends a bounded amount for one member,
 * and an honest question beside it is answered as ever.
 */
import type { Case } from '../case'
import { facts, type Mallory, reasoningCase } from '../rooms/reasoning'

const toAll = (mallory: Mallory, act: (to: string) => void) => {
  for (const { id } of mallory.others) act(id)
}
const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, one) => total + one, 0)
const stage = { kind: 'stage', from: 0, to: 4, adapter: null } as const
const standby = {
  kind: 'standby',
  prompt: Array(4096).fill(3),
  said: [],
  tokens: 1e9,
  temperature: 1,
  seed: 1,
  topK: 0,
  topP: 1,
  stop: Array(16).fill('x'.repeat(200)),
  adapter: null,
} as const
const head = { epoch: 0, at: 0, request: 1 } as const
const verifier = {
  kind: 'verifier',
  by: 'model',
  start: 0,
  promptLength: 4,
  adapter: null,
  temperature: 1,
  seed: 1,
  topK: 0,
  topP: 1,
} as const
/** The hash of a text of no tokens. */
const nothing = 0x811c9dc5
const draft = { ...head, type: 'draft', wants: 'verdict', prefix: nothing, given: 1 } as const
/** What one tab gives one asker by now: an allowance, and fifty tokens a second. */
const mostTokensBy = (room: Mallory['room']) => 20_000 + (50 * room.clock.now()) / 1000
const many = (at: number) => Array.from({ length: 180 }, (_, place) => (at + place) % facts.vocabulary)

export const reasoning: readonly Case[] = [
  reasoningCase('sessions as fast as it can', {
    answers: false,
    mode: 'pipeline',
    before(mallory) {
      toAll(mallory, (to) => {
        for (let session = 0; session < 400; session++) mallory.opens(to, session, stage)
      })
    },
    meanwhile(mallory, at) {
      toAll(mallory, (to) => mallory.opens(to, 1000 + at, stage))
    },
    look: ({ heard }) => ({
      'eight sessions for each, and no more': (heard.get('reason-opened') ?? 0) <= 8 * 3,
    }),
  }),
  reasoningCase('layers out of range, and stages of none', {
    answers: false,
    mode: 'pipeline',
    before(mallory) {
      toAll(mallory, (to) => {
        for (const [session, [from, unto]] of [
          [0, 1000],
          [3, 1],
          [4, 5],
          [-1, 2],
          [0.5, 2],
          [2, 2],
        ].entries())
          mallory.opens(to, session, { ...stage, from, to: unto })
      })
    },
  }),
  reasoningCase('rows of wrong sizes, huge prompts, places far away', {
    answers: false,
    mode: 'pipeline',
    before(mallory) {
      toAll(mallory, (to) => {
        mallory.opens(to, 1, stage)
        mallory.opens(to, 2, { kind: 'member', adapter: 'own', withView: false })
      })
    },
    meanwhile(mallory, at) {
      const ids = Array(256).fill(at % facts.vocabulary)
      toAll(mallory, (to) => {
        for (const length of [1, facts.width - 1, facts.width + 1, 100 * facts.width])
          mallory.packet(to, {
            ...head,
            session: 1,
            type: 'pass',
            wants: 'each',
            codec: 'float32',
            rows: new Float32Array(length),
          })
        mallory.packet(to, {
          ...head,
          session: 1,
          at: 65_535,
          type: 'pass',
          wants: 'each',
          codec: 'float32',
          rows: new Float32Array(facts.width),
        })
        for (const place of [0, 100, 256, 65_535])
          mallory.packet(to, { ...head, session: 2, at: place, type: 'tokens', ids })
        mallory.bytes(to, new Uint8Array(at % 40))
        mallory.say(to, { type: 'reason-parcel' }, new Uint8Array(4 << 20))
      })
    },
    everyMs: 200,
    times: 3,
  }),
  reasoningCase('one token at a time, all at once', {
    answers: false,
    mode: 'ensemble',
    before(mallory) {
      toAll(mallory, (to) => {
        mallory.opens(to, 1, { kind: 'member', adapter: 'own', withView: false })
        for (let at = 0; at < 180; at++)
          mallory.packet(to, { ...head, at, session: 1, type: 'tokens', ids: [1] })
      })
    },
    times: 2,
  }),
  reasoningCase('texts of four thousand tokens by the hundred, left behind by whoever dies', {
    answers: false,
    mode: 'pipeline',
    async before(mallory) {
      toAll(mallory, (to) => {
        for (let session = 0; session < 100; session++) mallory.opens(to, session, standby)
      })
      await mallory.room.clock.advance(5000)
      mallory.tab.kill()
      await mallory.room.clock.advance(10_000)
    },
    look: ({ others }) => ({
      'each goes on with two thousand tokens of them at most': others.every(
        ({ orphans }) => sum(orphans.map(({ question, said }) => question.tokens - said.length)) <= 2000,
      ),
    }),
  }),
  reasoningCase('who are you, ten thousand times', {
    answers: false,
    mode: 'pipeline',
    before(mallory) {
      toAll(mallory, (to) => {
        for (let times = 0; times < 500; times++) mallory.say(to, { type: 'reason-who' })
      })
    },
    meanwhile: (mallory) => toAll(mallory, (to) => mallory.say(to, { type: 'reason-who' })),
    look: ({ heard }) => ({
      'it hears who they are once a second': (heard.get('reason-hello') ?? 0) <= 3 * 12,
    }),
  }),
  reasoningCase('hellos, ever new ones', {
    answers: false,
    mode: 'pipeline',
    meanwhile: (mallory, at) =>
      toAll(mallory, (to) => mallory.say(to, mallory.hello({ mostLayers: 0, fingerprint: String(at) }))),
    everyMs: 5,
  }),
  reasoningCase('drafts, ever new ones, each as long as may be', {
    answers: false,
    mode: 'speculative',
    before(mallory) {
      toAll(mallory, (to) => {
        for (let session = 0; session < 8; session++) mallory.opens(to, session, verifier)
      })
    },
    meanwhile: (mallory, at) =>
      toAll(mallory, (to) => {
        for (let session = 0; session < 8; session++)
          mallory.packet(to, { ...draft, session, request: at % 65_536, ids: many(at + session) })
      }),
    // An allowance of 20,000 tokens at each edge stands before the honest question, and more comes with time.
    times: 60,
    look: ({ heardPackets, room }) => ({
      'each judges for as many tokens as its allowance has, and no more':
        (heardPackets.get('verdict') ?? 0) <= (3 * mostTokensBy(room)) / 181,
    }),
  }),
  reasoningCase('texts that go on where nobody has read, with hashes that fit and hashes that do not', {
    answers: false,
    mode: 'speculative',
    before: (mallory) => toAll(mallory, (to) => mallory.opens(to, 1, verifier)),
    meanwhile(mallory, at) {
      toAll(mallory, (to) => {
        // After one token all that was read is its own two; every other place is answered with where it stands.
        for (const [place, prefix] of [
          [0, nothing],
          [1, nothing],
          [2, at],
          [100, 0],
          [65_535, 0xffffffff],
        ])
          mallory.packet(to, { ...draft, session: 1, at: place, prefix, ids: [1], request: at % 65_536 })
      })
    },
    everyMs: 20,
    times: 3,
  }),
  reasoningCase('recitals without end', {
    answers: false,
    mode: 'cascade',
    wish: { doubt: 0 },
    before: (mallory) => toAll(mallory, (to) => mallory.opens(to, 1, verifier)),
    meanwhile: (mallory, at) =>
      toAll(mallory, (to) =>
        mallory.packet(to, { ...draft, session: 1, wants: 'choices', ids: many(at), request: at % 65_536 }),
      ),
    times: 30,
    look: ({ heardPackets, room }) => ({
      'each recites as many tokens as its allowance has, and no more':
        (heardPackets.get('choices') ?? 0) <= (3 * mostTokensBy(room)) / 181,
    }),
  }),
  reasoningCase('a cloud, asked to ask all others', {
    answers: false,
    mode: 'speculative',
    before(mallory) {
      const [cloud] = mallory.others.slice(-1)
      for (let session = 0; session < 8; session++)
        mallory.opens(cloud.id, session, { ...verifier, by: 'ensemble' })
    },
    meanwhile(mallory, at) {
      const [cloud] = mallory.others.slice(-1)
      for (let session = 0; session < 8; session++)
        mallory.packet(cloud.id, {
          ...draft,
          session,
          given: 180,
          ids: many(at + session),
          request: at % 65_536,
        })
    },
    everyMs: 100,
    times: 30,
    look: ({ heard, heardPackets, room }) => ({
      'it asks them for two texts at once and no more': (heard.get('reason-opened') ?? 0) <= 2,
      // Three tabs compute for each token, and each is paid for.
      'and for a third of the tokens that one tab would judge':
        (heardPackets.get('verdict') ?? 0) <= mostTokensBy(room) / (3 * 181),
    }),
  }),
  reasoningCase('adapters, borrowed again and again', {
    answers: false,
    mode: 'ensemble',
    before(mallory) {
      toAll(mallory, (to) => {
        for (let request = 0; request < 500; request++) mallory.say(to, { type: 'reason-borrow', request })
      })
    },
    times: 3,
  }),
]
