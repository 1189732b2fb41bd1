import { describe, expect, it } from 'vitest'
import { openStage } from '../../../reasoning/modes/pipeline/stage'
import type { Ports } from '../../../reasoning/ports'
import { hiddenOf } from '../../../training/session'
import { microEngine } from '../room/testing'

const { sessions } = await microEngine()
const facts = await sessions.facts()
const ports = {
  sessions,
  self: { facts, arithmetic: { fingerprint: '', millisecondsPerLayer: 1 }, mostLayers: facts.layers },
  adapter: () => null,
} as unknown as Ports
const purpose = { kind: 'stage', from: 1, to: 3, adapter: null } as const
const head = { epoch: 0, session: 1, request: 1 } as const
const rowsOf = (count: number, from = 0) =>
  Float32Array.from({ length: count * facts.width }, (_, index) => Math.sin(from * facts.width + index))

describe('a stage', () => {
  it('O2 goes on where it stands and nowhere else: a replacement that begins elsewhere is refused', async () => {
    const [old, fresh] = [await openStage(ports, purpose), await openStage(ports, purpose)]
    const question = (at: number, rows: Float32Array) =>
      ({ ...head, type: 'pass', wants: 'each', codec: 'float32', at, rows }) as const
    await old.answer(question(0, rowsOf(10)))
    const next = question(10, rowsOf(1, 10))
    const right = (await old.answer(next))!
    await expect(fresh.answer(next)).rejects.toMatchObject({ reason: 'not-there-yet' })
    // The published bug: the replacement takes the row for its first.
    const wrong = (await fresh.answer({ ...next, at: 0 }))!
    expect(wrong).not.toMatchObject({ rows: (right as { rows: Float32Array }).rows })
    // What the journal holds, read again from the beginning, makes them one.
    await fresh.answer(question(0, rowsOf(10)))
    expect(await fresh.answer(next)).toMatchObject({ rows: (right as { rows: Float32Array }).rows })
    old.close()
    fresh.close()
  })

  it('refuses what is no row of this model, and versions of the adapter that it does not hold', async () => {
    const stage = await openStage(ports, purpose)
    const odd = {
      ...head,
      type: 'pass',
      wants: 'each',
      codec: 'float32',
      at: 0,
      rows: new Float32Array(7),
    } as const
    await expect(stage.answer(odd)).rejects.toMatchObject({ reason: 'nonsense' })
    await expect(stage.answer({ ...head, type: 'tokens', at: 0, ids: [1] })).rejects.toMatchObject({
      reason: 'nonsense',
    })
    const beyond = { ...odd, at: 0, rows: rowsOf(facts.capacity + 1) }
    await expect(stage.answer(beyond)).rejects.toMatchObject({ reason: 'nonsense' })
    stage.close()
    await expect(openStage(ports, { ...purpose, adapter: 'a'.repeat(64) })).rejects.toThrow(
      /does not hold that version/,
    )
  })

  it('gives what its layers give', async () => {
    const stage = await openStage(ports, purpose)
    const rows = rowsOf(5)
    const reply = await stage.answer({ ...head, type: 'pass', wants: 'each', codec: 'float32', at: 0, rows })
    const session = await sessions.openSession({
      adapter: null,
      stretch: { layers: { from: 1, to: 3 }, reads: 'hidden', gives: 'hidden' },
    })
    const passed = await sessions.pass({
      session,
      at: 0,
      input: rows,
      rows: 'each',
      wanted: { kind: 'hidden' },
    })
    expect(reply).toMatchObject({ type: 'passed', rows: hiddenOf(passed) })
    stage.close()
  })
})
