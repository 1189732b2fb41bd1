import { expect, it } from 'vitest'
import { virtualClock } from '../../network/time/virtual-clock'
import { openLine } from '../../reasoning/line'
import type { LinkEvents, Ports } from '../../reasoning/ports'
import { serve } from '../../reasoning/service'
import { decodePacket, encodePacket } from '../../reasoning/wire/binary'
import { microEngine } from './testing'

const { sessions } = await microEngine()
const facts = await sessions.facts()

it('whoever asks without end is refused after an answer or two, others are not, and later it may ask again', async () => {
  const clock = virtualClock()
  const said: { to: string; type: string }[] = []
  let hear: LinkEvents = {}
  const ports = {
    self: { facts, arithmetic: { fingerprint: '', millisecondsPerLayer: 1 }, mostLayers: facts.layers },
    // What is computed is not the question here, only how much.
    sessions: { ...sessions, openSession: async () => 1, pass: async () => passed },
    links: {
      write: () => {},
      send: (to: string, bytes: Uint8Array) => said.push({ to, type: decodePacket(bytes, facts).type }),
      on: (events: LinkEvents) => {
        hear = events
        return () => {}
      },
    },
    clock,
  } as unknown as Ports
  const passed = { kind: 'hidden', hidden: new Float32Array(100 * facts.width), milliseconds: 1 }
  const service = serve(ports, openLine(ports.links, clock, facts), { orphaned: () => {}, served: () => {} })
  const purpose = { kind: 'stage', from: 0, to: 2, adapter: null } as const
  for (const asker of ['eager', 'other'])
    hear.letter?.(asker, { type: 'reason-open', session: 1, request: 1, epoch: 0, purpose }, null)
  await clock.advance(1)

  const head = {
    type: 'pass',
    epoch: 0,
    session: 1,
    at: 0,
    request: 2,
    wants: 'each',
    codec: 'float32',
  } as const
  const rows = new Float32Array(100 * facts.width)
  const ask = async (asker: string) => {
    hear.packet?.(asker, encodePacket({ ...head, rows }, facts))
    await clock.advance(1)
    return said.at(-1)
  }
  for (let hundreds = 0; hundreds < 200; hundreds++) expect((await ask('eager'))!.type).toBe('passed')
  expect(await ask('eager')).toEqual({ to: 'eager', type: 'refused' })
  expect(await ask('other')).toEqual({ to: 'other', type: 'passed' })
  await clock.advance(2000)
  expect(await ask('eager')).toEqual({ to: 'eager', type: 'passed' })
  service.close()
})
