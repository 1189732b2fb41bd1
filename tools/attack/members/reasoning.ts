/**
 * Members that lie to tabs which reason together: of what they can do, of what they compute, of what they know, and about texts
 * that are not theirs.
 */
import { knowingAll, lying } from '../../../src/lab/reasoning/room/testing'
import type { Sessions } from '../../../src/training/session'
import type { Case } from '../case'
import { facts, type Mallory, reasoningCase, sessions } from '../rooms/reasoning'

const toAll = (mallory: Mallory, act: (to: string) => void) => {
  for (const { id } of mallory.others) act(id)
}
const introduced = (change: Parameters<Mallory['hello']>[0]) => (mallory: Mallory) =>
  toAll(mallory, (to) => mallory.say(to, mallory.hello(change)))

/** The asker waits for an answer that never comes, once: an opening that nobody answers. */
const oneOpening = 22_000

const withRows = (change: (rows: Float32Array) => Float32Array): Sessions => ({
  ...sessions,
  async pass(request) {
    const passed = await sessions.pass(request)
    const isForOthers = passed.kind === 'hidden' && request.input instanceof Float32Array
    return isForOthers ? { ...passed, hidden: change(passed.hidden) } : passed
  },
})

const figures: readonly Case[] = [
  ['the smallest number of milliseconds', { millisecondsPerLayer: 5e-324 }],
  ['no time at all', { millisecondsPerLayer: 1e-300, mostLayers: 1000 }],
  ['an age for each layer', { millisecondsPerLayer: 1e6 }],
  ['no layers', { mostLayers: 0, millisecondsPerLayer: 1e-9 }],
].map(([name, change]) =>
  reasoningCase(`claims ${name as string}, and answers nothing`, {
    answers: false,
    mode: 'pipeline',
    before: introduced(change as Parameters<Mallory['hello']>[0]),
    laterMs: oneOpening,
  }),
)

const computed: readonly Case[] = [
  reasoningCase('draws all layers by its claim, and computes them wrong', {
    answers: true,
    engine: { sessions: lying(sessions, 0), millisecondsPerLayer: 1e-3 },
    mode: 'pipeline',
    wish: { tokens: 110 },
    times: 4,
  }),
  reasoningCase('gives rows of another size', {
    answers: true,
    engine: { sessions: withRows((rows) => rows.slice(0, -1)), millisecondsPerLayer: 1e-3 },
    mode: 'pipeline',
    times: 3,
  }),
  reasoningCase('gives rows of the largest numbers there are', {
    answers: true,
    engine: { sessions: withRows((rows) => rows.map(() => 3e38)), millisecondsPerLayer: 1e-3 },
    mode: 'pipeline',
    wish: { tokens: 110 },
    times: 4,
  }),
  reasoningCase('says of itself now this and now that, so that the text moves with every word', {
    answers: false,
    mode: 'pipeline',
    wish: { tokens: 110 },
    everyMs: 5,
    meanwhile: (mallory, at) =>
      introduced({ millisecondsPerLayer: at % 2 ? 1e-6 : 1e6, isVisible: at % 3 === 0 })(mallory),
    laterMs: 4 * oneOpening,
  }),
]

const known: readonly Case[] = [
  reasoningCase(
    'claims to have known every word, in an ensemble that is asked for a plain answer beside it',
    {
      answers: true,
      // It may speak in an ensemble; what is asked here is a pipeline.
      engine: { sessions: knowingAll(sessions, () => 7), ownAdapter: new Uint8Array(9) },
      mode: 'pipeline',
    },
  ),
  ...(
    [
      ['rubbish', new Uint8Array(40_000_000).fill(7)],
      ['a header of promises', Uint8Array.from([255, 255, 255, 255, 0, 0, 0, 0, 123])],
    ] as const
  ).map(([name, ownAdapter]) =>
    reasoningCase(`lends ${name}`, { answers: true, engine: { ownAdapter }, mode: 'mixture', times: 2 }),
  ),
  reasoningCase('says that it lends, and sends sixty megabytes to whoever did not ask', {
    answers: false,
    mode: 'alone',
    before(mallory) {
      introduced({ offersOwn: true })(mallory)
      toAll(mallory, (to) => {
        for (let request = 0; request < 20; request++)
          mallory.say(to, { type: 'reason-lend', request }, new Uint8Array(60 << 20))
      })
    },
  }),
]

const head = { epoch: 0, session: 1, at: 0, request: 0 } as const
const foreign: readonly Case[] = [
  reasoningCase('speaks for sessions that are not its own', {
    answers: false,
    mode: 'pipeline',
    meanwhile(mallory, at) {
      const rows = new Float32Array(facts.width).fill(at)
      toAll(mallory, (to) => {
        for (let session = 0; session < 4; session++)
          for (let request = 0; request < 4; request++) {
            mallory.packet(to, {
              ...head,
              session,
              request: (at + request) % 65_536,
              type: 'passed',
              codec: 'float32',
              rows,
              milliseconds: 0,
            })
            mallory.packet(to, { ...head, session, at: 0, type: 'tokens', ids: [at % facts.vocabulary] })
          }
        mallory.say(to, { type: 'reason-close', session: at % 8 })
        mallory.say(to, { type: 'reason-opened', session: at % 8, request: at % 64 })
        mallory.say(to, { type: 'reason-refuse', request: at % 64, why: 'no' })
      })
    },
  }),
  reasoningCase('gives verdicts that nobody asked it for, in the numbers of an edge', {
    answers: false,
    mode: 'multi-access',
    everyMs: 2,
    meanwhile(mallory, at) {
      toAll(mallory, (to) => {
        for (let session = 0; session < 4; session++)
          for (let request = 0; request < 8; request++) {
            const packet = { ...head, session, request: (at + request) % 128 }
            mallory.packet(to, {
              ...packet,
              type: 'verdict',
              accepted: at % 5,
              id: at % facts.vocabulary,
              gap: 1,
              milliseconds: 0,
              load: 0,
            })
            mallory.packet(to, { ...packet, type: 'need', prefix: at })
            mallory.packet(to, { ...packet, type: 'choices', ids: [1, 2] })
          }
      })
    },
  }),
  reasoningCase('drafts for sessions and epochs of others', {
    answers: false,
    mode: 'speculative',
    everyMs: 5,
    meanwhile(mallory, at) {
      toAll(mallory, (to) => {
        for (let session = 0; session < 4; session++)
          mallory.packet(to, {
            ...head,
            session,
            epoch: at % 256,
            type: 'draft',
            wants: at % 2 ? 'verdict' : 'choices',
            prefix: 0x811c9dc5,
            given: 1,
            ids: [at % facts.vocabulary],
          })
        mallory.say(to, { type: 'reason-close', session: at % 8 })
      })
    },
  }),
  reasoningCase('says again what it has answered before, and answers twice', {
    answers: true,
    engine: { millisecondsPerLayer: 1e-3 },
    mode: 'pipeline',
    meanwhile(mallory, at) {
      const rows = new Float32Array(facts.width).fill(-1)
      for (let request = 0; request < 16; request++)
        mallory.packet(mallory.others[0].id, {
          ...head,
          epoch: at % 2,
          session: at % 3,
          request: (2 * at + request) % 256,
          type: 'passed',
          codec: 'float32',
          rows,
          milliseconds: 0,
        })
    },
    // A guess that fits counts as the stage's own answer: it is a stage that lies, and is found as such.
    wish: { tokens: 110 },
    times: 4,
  }),
]

/** An edge that says of every token another, and claims that it was a tie. */
const judging = (change: (id: number) => number): Sessions => ({
  ...sessions,
  async pass(request) {
    const passed = await sessions.pass(request)
    if (passed.kind !== 'choices') return passed
    return { ...passed, choices: passed.choices.map(({ id }) => ({ id: change(id), gap: 0 })) }
  },
})
const judged: readonly Case[] = (['speculative', 'multi-access'] as const).flatMap((mode) => [
  reasoningCase(`judges wrong in ${mode}, and calls it a tie between unlike machines`, {
    answers: true,
    engine: {
      sessions: judging((id) => (id + 1) % facts.vocabulary),
      millisecondsPerLayer: 1e-3,
      fingerprint: 'another',
    },
    mode,
    times: 6,
  }),
  reasoningCase(`ends every text at once in ${mode}`, {
    answers: true,
    engine: { sessions: judging(() => facts.eosIds[0] ?? 0), millisecondsPerLayer: 1e-3 },
    mode,
    times: 6,
  }),
])

export const reasoning: readonly Case[] = [...figures, ...computed, ...known, ...foreign, ...judged]
