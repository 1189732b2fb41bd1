import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucket } from '../../lib/bucket'
import { joinEquals } from '../equals'
import { type TestNode, testRoom, understood } from '../fixtures/test-rooms'
import { seededIdentities } from '../identity/seeded'
import { attachmentFollows, encodePiece, frameType, type Piece } from '../letters/frames'
import { mailbox } from '../letters/mailbox'
import { virtualClock } from '../time/virtual-clock'
import { linkPair, memoryHub } from '../transport/memory/memory-transport'
import type { Link } from '../transport/transport'
import { heldFrames, letterRate, reservedBytes, shutOutMs } from './limits'
import { reservations } from './reservation'
import { throttle } from './throttle'

const text = (content: string) => new TextEncoder().encode(content)
const message = (content: string, flags = 0, transfer = 1): Piece => ({
  type: frameType.message,
  flags,
  transfer,
  offset: 0,
  total: text(content).length,
  payload: text(content),
})

describe('a token bucket', () => {
  it('never gives more than its burst and what has flowed in since, and gives it as soon as it says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 12 })), { maxLength: 60 }),
        (wishes) => {
          const rate = { burst: 10, perSecond: 20 }
          const tokens = bucket(rate, 0)
          let nowMs = 0
          let given = 0
          for (const [passedMs, wanted] of wishes) {
            nowMs += passedMs
            const asked = Math.min(wanted, rate.burst)
            if (tokens.take(wanted, nowMs)) given += asked
            else {
              const waitMs = tokens.waitMs(wanted, nowMs)
              expect(waitMs).toBeGreaterThan(0)
              nowMs += waitMs
              expect(tokens.take(wanted, nowMs)).toBe(true)
              given += asked
            }
            expect(given).toBeLessThanOrEqual(rate.burst + (nowMs * rate.perSecond) / 1000 + 1e-3)
          }
        },
      ),
    )
  })
})

describe('the budget of a link', () => {
  function scene() {
    const clock = virtualClock()
    const passed: string[] = []
    const told: string[] = []
    const budget = throttle({
      clock,
      pass: (_, { payload }) => passed.push(new TextDecoder().decode(payload)),
      onHeld: () => told.push('held'),
      onExceeded: () => told.push('exceeded'),
    })
    return { clock, passed, told, budget }
  }

  it('lets what comes too fast wait, and loses nothing of it', async () => {
    const { clock, passed, told, budget } = scene()
    const sent = Array.from({ length: letterRate.burst + 1000 }, (_, at) => `letter ${at}`)
    for (const letter of sent) budget.take('control', message(letter))
    expect(passed).toHaveLength(letterRate.burst)
    expect(told).toEqual(['held'])
    await clock.advance(1000)
    expect(passed).toHaveLength(letterRate.burst + letterRate.perSecond)
    await clock.advance(60_000)
    expect(passed).toEqual(sent)
  })

  it('is exceeded by whoever goes on all the same, and then nothing passes', async () => {
    const { clock, passed, told, budget } = scene()
    for (let at = 0; at < 40_000; at++) budget.take('control', message('flood'))
    expect(told).toEqual(['held', 'exceeded'])
    await clock.advance(60_000)
    expect(passed.length).toBeLessThanOrEqual(letterRate.burst)
  })

  it('counts a frame for what it costs to read, however little is in it', () => {
    const { passed, budget } = scene()
    const crumbs = { ...message('x'), type: frameType.attachment }
    for (let at = 0; at < 400_000; at++) budget.take('bulk', { ...crumbs, offset: at, total: 500_000 })
    expect(passed.length).toBeLessThan(270_000)
  })

  it('does not let heartbeats wait: it drops them', async () => {
    const { clock, passed, told, budget } = scene()
    for (let at = 0; at < 1000; at++) budget.take('control', { ...message('12345678'), type: frameType.ping })
    await clock.advance(10_000)
    expect(passed.length).toBeLessThan(40)
    expect(told).toEqual([])
  })
})

describe('memory for what is on its way', () => {
  function receiver(perTab = reservedBytes.perTab) {
    const memory = reservations({ ...reservedBytes, perTab })
    const refused: string[] = []
    const received: [string, number][] = []
    const open = () => {
      const [link] = linkPair('TEST-d-1', 'TEST-d-2', virtualClock())
      const account = memory.open()
      const inbox = mailbox(link, {
        kinds: understood.letters,
        reservation: account,
        onProgress() {},
        countSent() {},
        countReceived() {},
        onMessage: ({ type }, attachment) => received.push([type, attachment?.length ?? 0]),
        onBadFrame: (reason) => refused.push(reason),
      })
      return { account, inbox }
    }
    return { memory, refused, received, open }
  }
  const announce = (kind: string, transfer: number) =>
    message(JSON.stringify({ type: kind }), attachmentFollows, transfer)
  const piece = (transfer: number, offset: number, total: number, length: number): Piece => ({
    type: frameType.attachment,
    flags: 0,
    transfer,
    offset,
    total,
    payload: new Uint8Array(length),
  })

  it('is not taken for promises: eight transfers of 60 MiB that have begun hold what has come of them', () => {
    const { memory, refused, open } = receiver()
    for (let peer = 0; peer < 2; peer++) {
      const { inbox } = open()
      for (let transfer = 0; transfer < 4; transfer++) {
        inbox.receive('bulk', announce('update', transfer))
        inbox.receive('bulk', piece(transfer, 0, 60 * 2 ** 20, 1000))
      }
    }
    expect(refused).toEqual([])
    expect(memory.totalBytes).toBeLessThan(2 ** 20)
  })

  it('is not taken at all for what no message of that kind carries, nor for more than is expected', () => {
    const { memory, refused, open } = receiver()
    const { inbox } = open()
    inbox.receive('bulk', announce('status', 1))
    for (let at = 0; at < 50; at++) inbox.receive('bulk', piece(1, at * 60_000, 200 * 2 ** 20, 60_000))
    inbox.receive('bulk', announce('made up', 2))
    inbox.receive('bulk', piece(2, 0, 10, 5))
    inbox.receive('bulk', announce('update', 3))
    inbox.receive('bulk', piece(3, 0, 65 * 2 ** 20, 60_000))
    inbox.receive('control', announce('update', 4))
    inbox.receive('control', piece(4, 0, 65_537, 60_000))
    expect(refused).toEqual([
      'an attachment announces 209715200 bytes where 0 are expected',
      'an attachment announces 10 bytes where 0 are expected',
      'an attachment announces 68157440 bytes where 67108864 are expected',
      'an attachment announces 65537 bytes where 65536 are expected',
    ])
    expect(memory.totalBytes).toBe(0)
  })

  it('ends where the tab has no more, comes back when a transfer is over, and with the link', () => {
    const { memory, refused, received, open } = receiver(300_000)
    const first = open()
    const second = open()
    first.inbox.receive('bulk', announce('update', 1))
    first.inbox.receive('bulk', piece(1, 0, 250_000, 200_000))
    second.inbox.receive('bulk', announce('update', 1))
    second.inbox.receive('bulk', piece(1, 0, 250_000, 200_000))
    expect(refused).toEqual(['there is no room for 250000 bytes'])
    first.inbox.receive('bulk', piece(1, 200_000, 250_000, 50_000))
    expect(received).toEqual([['update', 250_000]])
    expect(memory.totalBytes).toBe(0)
    second.inbox.receive('bulk', announce('update', 2))
    second.inbox.receive('bulk', piece(2, 0, 250_000, 200_000))
    expect(memory.totalBytes).toBeGreaterThan(200_000)
    second.account.close()
    expect(memory.totalBytes).toBe(0)
  })
})

describe('a member that does not stop', () => {
  /** A coordinator, an honest device, and one whose bare link is in a villain's hands. */
  async function scene() {
    const room = testRoom()
    const coordinator = await room.coordinator()
    const honest = await room.device({ name: 'Honest', deviceKey: 'honest' })
    const links: Link[] = []
    const villain = await room.device({ name: 'Villain', deviceKey: 'villain' }, (link) => links.push(link))
    const send = (frame: Piece, lane: 'control' | 'bulk' = 'control') =>
      void links[0].send(lane, encodePiece(frame)).catch(() => {})
    return { room, coordinator, honest, villain, send }
  }
  const problemsOf = ({ said }: TestNode) => said.problem.map(([{ code, message }]) => `${code}: ${message}`)
  const namesIn = ({ network }: TestNode) => [...network.peers.values()].map(({ name }) => name)

  it('is held back and named, then shut out, told so, and lets a minute pass; nobody else notices', async () => {
    const { room, coordinator, honest, villain, send } = await scene()
    for (let at = 0; at < 40_000; at++) send(message('{"type":"status"}', 0, at))
    await room.clock.advance(1_000)
    expect(problemsOf(coordinator)).toEqual([
      expect.stringMatching(/^too-much: Villain .*held back/),
      expect.stringMatching(/^too-much: Villain .*shut out/),
    ])
    expect(coordinator.said.leave.map(([{ name }, why]) => [name, why])).toEqual([['Villain', 'refused']])
    expect(coordinator.said.message.length).toBeLessThanOrEqual(letterRate.burst + heldFrames.control)
    expect(problemsOf(villain)).toEqual([expect.stringMatching(/^too-much: This tab sent more/)])
    expect(namesIn(coordinator)).toEqual(['Honest'])
    await room.clock.advance(shutOutMs - 5_000)
    expect(villain.said.join).toHaveLength(1)
    await room.clock.advance(15_000)
    expect(namesIn(coordinator)).toEqual(['Honest', 'Villain'])
    await honest.network.send(coordinator.network.self, { type: 'hello' })
    await room.clock.advance(0)
    expect(coordinator.said.message.at(-1)?.[1]).toEqual({ type: 'hello' })
  })

  it('does not come back under another life of the same key', async () => {
    const { room, coordinator, send } = await scene()
    for (let at = 0; at < 10_000; at++) send(message('{"type":"status"}', 0, at))
    await room.clock.advance(1_000)
    await room.device({ name: 'Villain', deviceKey: 'villain' })
    await room.clock.advance(1_000)
    expect(namesIn(coordinator)).toEqual(['Honest'])
  })

  it('makes no table grow by made-up kinds', async () => {
    const { room, coordinator, send } = await scene()
    for (let at = 0; at < 300; at++) send(message(`{"type":"made up ${at}"}`, 0, at))
    await room.clock.advance(1_000)
    const { byKind } = coordinator.network.bytes
    expect(Object.keys(byKind).sort()).toEqual(['handshake', 'heartbeat', 'other'])
    expect(byKind.other).toBeGreaterThan(300 * 16)
  })

  it('is told when it is sent away for another reason', async () => {
    const { room, coordinator, villain } = await scene()
    coordinator.network.dismiss(villain.network.self, 'room-full')
    await room.clock.advance(1_000)
    expect(problemsOf(villain)).toEqual([expect.stringMatching(/^room-full: The room is full/)])
    expect(villain.said.leave.map(([, why]) => why)).toEqual(['refused'])
    expect(namesIn(coordinator)).toEqual(['Honest'])
  })
})

describe('an honest room', () => {
  it('never comes near its budget: forty equals that tell each other their news as fast as they may', async () => {
    const clock = virtualClock()
    const hub = memoryHub(clock)
    const identities = seededIdentities(1)
    const enter = async (name: string) => {
      const joining = joinEquals({
        code: 'TEST',
        name,
        identity: identities(name),
        signingKey: identities.keyOf(name),
        secret: 's',
        clock,
        understood,
        transport: (self) => hub.transport(self),
      })
      await clock.advance(100)
      return joining
    }
    const [first, second] = [await enter('a'), await enter('b')]
    first.reach('test', [second.self])
    await clock.advance(1_000)
    const problems: string[] = []
    let arrived = 0
    second.on('problem', ({ code }) => problems.push(code))
    second.on('message', () => arrived++)
    // Five changes a second of each, passed on every 100 ms, and ten messages of a round.
    const entry = { filler: 'x'.repeat(500) }
    for (let tick = 0; tick < 100; tick++) {
      void first.send(second.self, { type: 'next', entries: Array.from({ length: 20 }, () => entry) })
      if (tick % 10 === 0) for (let at = 0; at < 10; at++) void first.send(second.self, { type: 'hello' })
      await clock.advance(100)
    }
    expect(arrived).toBe(200)
    expect(problems).toEqual([])
  })
})
