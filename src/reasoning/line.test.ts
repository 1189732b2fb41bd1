import { describe, expect, it } from 'vitest'
import { virtualClock } from '../network/time/virtual-clock'
import { openLine, Unanswered } from './line'
import type { LinkEvents, Links, Member } from './ports'
import { decodePacket, encodePacket } from './wire/binary'
import type { Packet } from './wire/packets'

const shape = { vocabulary: 64, width: 1 }

/** Links to one other tab, whose answers the test writes itself. */
function oneOther() {
  const listeners = new Set<LinkEvents>()
  const sent: Uint8Array[] = []
  let isThere = true
  const links: Links = {
    self: 'me',
    members: () => (isThere ? [{ id: 'other' } as Member] : []),
    gather: async () => {},
    write() {},
    send: (_, packet) => void sent.push(packet),
    on(events) {
      listeners.add(events)
      return () => listeners.delete(events)
    },
  }
  const clock = virtualClock()
  const question = (epoch: number) =>
    ({
      type: 'pass',
      session: 5,
      epoch,
      at: 0,
      wants: 'each',
      codec: 'float32',
      rows: Float32Array.of(1),
    }) as const
  return {
    clock,
    line: openLine(links, clock, shape),
    question,
    /** What was asked last, answered with these changes. */
    answer(change: Partial<Packet> = {}, from = 'other') {
      const asked = decodePacket(sent.at(-1)!, shape)
      const packet = {
        ...asked,
        type: 'passed',
        rows: Float32Array.of(7),
        milliseconds: 1,
        ...change,
      } as Packet
      for (const one of listeners) one.packet?.(from, encodePacket(packet, shape))
    },
    loses() {
      isThere = false
      for (const one of listeners) one.lost?.('other')
    },
    lends(request: number, adapter: Uint8Array) {
      for (const one of listeners) one.letter?.('other', { type: 'reason-lend', request }, adapter)
    },
    says(bytes: Uint8Array) {
      for (const one of listeners) one.packet?.('other', bytes)
    },
  }
}
const patiently = { forMs: 500, signal: new AbortController().signal }

describe('an answer', () => {
  it('settles the question that it is to', async () => {
    const { line, question, answer } = oneOther()
    const asking = line.ask('other', question(3), patiently)
    answer()
    expect(await asking).toMatchObject({ type: 'passed', rows: Float32Array.of(7) })
    expect(line.traffic).toEqual({
      bytes: 12 + 16,
      packets: 2,
      byLink: { other: { pass: { sent: 12, received: 0 }, passed: { sent: 0, received: 16 } } },
    })
  })

  it('that is an adapter counts as bytes that travelled, where it was asked for', async () => {
    const { line, lends } = oneOther()
    const borrowing = line.borrow('other', patiently)
    lends(0, new Uint8Array(5000))
    expect(await borrowing).toHaveLength(5000)
    lends(1, new Uint8Array(700))
    expect(line.traffic).toMatchObject({ bytes: 5000, packets: 1 })
  })

  it('O3 of an earlier epoch, of another session or from somebody else changes nothing', async () => {
    const { line, question, answer } = oneOther()
    const asking = line.ask('other', question(3), patiently)
    const wrong = { rows: Float32Array.of(666) }
    answer({ epoch: 2, ...wrong })
    answer({ session: 4, ...wrong })
    answer({ request: 77, ...wrong })
    answer(wrong, 'a third')
    answer()
    // Whoever took the stale one would go on with other numbers.
    expect(await asking).toMatchObject({ rows: Float32Array.of(7) })
    answer(wrong)
  })
})

describe('a question', () => {
  it('ends when the other is lost, at once where it is lost already', async () => {
    const { line, question, loses } = oneOther()
    const asking = line.ask('other', question(0), patiently)
    loses()
    await expect(asking).rejects.toMatchObject({ by: 'other', reason: 'gone' })
    await expect(line.ask('other', question(0), patiently)).rejects.toBeInstanceOf(Unanswered)
  })

  it('ends when patience does, and when its asker gives up', async () => {
    const { line, question, clock } = oneOther()
    const late = line.ask('other', question(0), patiently)
    late.catch(() => {})
    await clock.advance(499)
    await clock.advance(2)
    await expect(late).rejects.toMatchObject({ reason: 'late' })
    const aborter = new AbortController()
    const given = line.ask('other', question(0), { forMs: 500, signal: aborter.signal })
    aborter.abort(new Error('Stopped.'))
    await expect(given).rejects.toThrow('Stopped.')
  })

  it('ends when the other refuses it, or answers rubbish', async () => {
    const { line, question, answer, says } = oneOther()
    const refused = line.ask('other', question(0), patiently)
    answer({ type: 'refused', reason: 'budget-spent' } as Partial<Packet>)
    await expect(refused).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/as much as its person allows/),
    })
    const rubbish = line.ask('other', question(0), patiently)
    says(Uint8Array.of(1, 2, 3))
    await expect(rubbish).rejects.toMatchObject({ reason: 'nonsense' })
  })

  it('that is open when the tab ends its part ends, too', async () => {
    const { line, question } = oneOther()
    const asking = line.ask('other', question(0), patiently)
    line.end()
    await expect(asking).rejects.toMatchObject({ reason: 'gone' })
  })
})
