import { expect, it } from 'vitest'
import { type VirtualClock, virtualClock } from '../../../network/time/virtual-clock'
import { openLine } from '../../../reasoning/line'
import type { LinkEvents, Ports } from '../../../reasoning/ports'
import { openQueue } from '../../../reasoning/queue'
import { serve } from '../../../reasoning/service'
import { decodePacket, encodePacket } from '../../../reasoning/wire/binary'
import type { Letter, Purpose } from '../../../reasoning/wire/letters'
import type { Packet } from '../../../reasoning/wire/packets'
import type { Sessions } from '../../../training/session'
import { countingSessions, microEngine, someAdapter } from './testing'

const { sessions } = await microEngine()
const facts = await sessions.facts()
const stage: Purpose = { kind: 'stage', from: 0, to: 2, adapter: null }
const own: Purpose = { kind: 'member', adapter: 'own', withView: false }
const standby: Purpose = {
  kind: 'standby',
  prompt: [1, 2],
  said: [],
  tokens: 1500,
  temperature: 0,
  seed: 1,
  topK: 0,
  topP: 1,
  stop: [],
  adapter: null,
}

interface Said {
  readonly to: string
  readonly type: string
}

/** A tab that serves, and whatever anybody says to it. */
function scene(engine: Partial<Sessions> = {}, adapter: Uint8Array | null = null) {
  const clock: VirtualClock = virtualClock()
  const said: Said[] = []
  const orphans: { readonly tokens: number; readonly said: number }[] = []
  let hear: LinkEvents = {}
  const ports = {
    self: { facts, arithmetic: { fingerprint: '', millisecondsPerLayer: 1 }, mostLayers: facts.layers },
    sessions: { ...sessions, ...engine },
    links: {
      write: (to: string, { type }: Letter) => said.push({ to, type }),
      send: (to: string, bytes: Uint8Array) => said.push({ to, type: decodePacket(bytes, facts).type }),
      on: (events: LinkEvents) => {
        hear = events
        return () => {}
      },
    },
    clock,
    queue: openQueue(clock.now),
    lentAdapter: () => adapter,
  } as unknown as Ports
  const service = serve(ports, openLine(ports.links, clock, facts), {
    orphaned: ({ tokens }, { length }) => orphans.push({ tokens, said: length }),
    served: () => {},
  })
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve))
  }
  return {
    clock,
    said,
    orphans,
    service,
    settle,
    count: (type: string, to?: string) =>
      said.filter((one) => one.type === type && (to === undefined || one.to === to)).length,
    opens: (from: string, session: number, purpose: Purpose) =>
      hear.letter?.(from, { type: 'reason-open', session, request: session, epoch: 0, purpose }, null),
    borrows: (from: string) => hear.letter?.(from, { type: 'reason-borrow', request: 1 }, null),
    asks: (from: string, packet: Packet) => hear.packet?.(from, encodePacket(packet, facts)),
    loses: (id: string) => hear.lost?.(id),
  }
}
const head = { epoch: 0, session: 1, at: 0, request: 2 } as const

it('whoever asks without end is refused after an answer or two, others are not, and later it may ask again', async () => {
  const passed = { kind: 'hidden', hidden: new Float32Array(100 * facts.width), milliseconds: 1 } as const
  // What is computed is not the question here, only how much.
  const { clock, said, service, opens, asks } = scene({
    openSession: async () => 1,
    pass: async () => passed,
  })
  for (const asker of ['eager', 'other']) opens(asker, 1, stage)
  await clock.advance(1)
  const rows = new Float32Array(100 * facts.width)
  const ask = async (asker: string) => {
    asks(asker, { ...head, type: 'pass', wants: 'each', codec: 'float32', rows })
    await clock.advance(1)
    return said.at(-1)
  }
  // 20,000 tokens, of which the session itself has cost a few.
  for (let hundreds = 0; hundreds < 199; hundreds++) expect((await ask('eager'))!.type).toBe('passed')
  expect(await ask('eager')).toEqual({ to: 'eager', type: 'refused' })
  expect(await ask('other')).toEqual({ to: 'other', type: 'passed' })
  await clock.advance(2000)
  expect(await ask('eager')).toEqual({ to: 'eager', type: 'passed' })
  service.close()
})

it('whoever asks for forty sessions at once gets eight, three of them leave some for this tab, and all are closed in the end', async () => {
  const { sessions: counted, open } = countingSessions(sessions)
  const { settle, count, opens, loses, service } = scene(counted)
  for (const asker of ['one', 'two', 'three', 'four'])
    for (let session = 0; session < 40; session++) opens(asker, session, stage)
  await settle()
  expect(['one', 'two', 'three', 'four'].map((asker) => count('reason-opened', asker))).toEqual([8, 8, 8, 0])
  expect(count('reason-refuse')).toBe(4 * 40 - 24)
  // The same number again, before and after it is there: the one before it is let go.
  for (let times = 0; times < 5; times++) opens('one', 0, stage)
  await settle()
  expect(open.size).toBe(24)
  for (const asker of ['one', 'two', 'three']) loses(asker)
  await settle()
  expect(open.size).toBe(0)
  service.close()
})

it('questions that come all at once are read one after the other: nothing is read twice, and a queue has an end', async () => {
  let read = 0
  const counted: Partial<Sessions> = {
    pass(request) {
      read += request.input.length
      return sessions.pass(request)
    },
  }
  const { settle, count, opens, asks, service } = scene(counted, someAdapter(1))
  opens('eager', 1, own)
  for (let at = 0; at < 60; at++) asks('eager', { ...head, at, type: 'tokens', ids: [at] })
  for (let turn = 0; turn < 40; turn++) await settle()
  expect(count('masses')).toBe(8)
  expect(count('refused')).toBe(52)
  expect(read).toBe(8)
  service.close()
})

it('whoever leaves texts behind, and dies, makes this tab say so many tokens and no more', async () => {
  const { clock, settle, orphans, opens, loses, service } = scene()
  for (let life = 0; life < 20; life++) {
    for (let session = 0; session < 20; session++) opens(`life ${life}`, session, standby)
    await settle()
    loses(`life ${life}`)
    await settle()
  }
  expect(orphans).toEqual([{ tokens: 1500, said: 0 }])
  // What is to be said without end is said for a while, once there is something left for others again.
  await clock.advance(3_600_000)
  opens('another', 1, { ...standby, said: [1, 2, 3], tokens: 1e9 })
  await settle()
  loses('another')
  await settle()
  expect(orphans.slice(1)).toEqual([{ tokens: 2003, said: 3 }])
  service.close()
})

it('a text of tokens that the model does not have is not written down', async () => {
  const { settle, said, opens, service } = scene()
  opens('other', 1, { ...standby, prompt: [1, facts.vocabulary] })
  opens('other', 2, { ...standby, said: [facts.vocabulary] })
  await settle()
  expect(said.map(({ type }) => type)).toEqual(['reason-refuse', 'reason-refuse'])
  service.close()
})

it('an adapter is lent again and again for as long as its borrower’s tokens last', async () => {
  const { count, borrows, service } = scene({}, new Uint8Array(4_000_000))
  for (let times = 0; times < 100; times++) borrows('eager')
  borrows('other')
  expect([count('reason-lend', 'eager'), count('reason-lend', 'other')]).toEqual([5, 1])
  service.close()
})
