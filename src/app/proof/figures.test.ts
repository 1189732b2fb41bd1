import { describe, expect, it } from 'vitest'
import { plans, type RowName } from '../../node/reasoning/proof/rows'
import { after, begun } from '../../node/reasoning/view/answer'
import type { Asking } from '../../node/reasoning/view/view'
import type { Note } from '../../reasoning/mode'
import { figuresOf } from './figures'

const token = { kind: 'token', by: 'a', gap: 1, computeMs: 3, travelMs: 5 } as const
const closed = { peer: 'a', after: 1 }

/** A text of two tokens in 40 ms and 600 bytes, with what happened before the second. */
function rowOf(name: RowName, notes: readonly Note[] = []) {
  let asking: Asking = begun(1, plans[name].mode, 'x', 1)
  const stages = ['self', 'a', 'b'].map((id) => ({ id, layers: [0, 1] as const }))
  if (name !== 'alone') asking = after(asking, { kind: 'note', note: { kind: 'stages', stages, epoch: 0 } })
  asking = after(asking, { ...token, id: 1 }, 'x')
  for (const note of notes) asking = after(asking, { kind: 'note', note })
  asking = after(asking, { ...token, id: 2 }, 'xy')
  return { name, asking: { ...asking, tookMs: 40, bytes: 600 }, closed: null }
}
const lost: Note = { kind: 'lost', id: 'a', why: '', detectedMs: 80 }
const recovered: Note = { kind: 'recovered', milliseconds: 120, replayedTokens: 9 }
const judged: Note = { kind: 'judged', by: 'a', drafted: 4, accepted: 1, refused: 'z', isHedged: false }

describe('the figures of a row', () => {
  it('are none before it has said anything', () => {
    expect(figuresOf({ ...rowOf('alone'), asking: begun(1, 'alone', 'x', 1) }, 'self')).toEqual([])
  })

  it('are speed and computing of one tab alone', () => {
    expect(figuresOf(rowOf('alone'), 'self')).toEqual([
      { name: 'speed', tokensPerSecond: 50 },
      { name: 'computing', milliseconds: 3 },
    ])
  })

  it('are bytes a hop and where the time goes of a split', () => {
    expect(figuresOf(rowOf('split'), 'self').slice(2)).toEqual([
      { name: 'bytesPerHop', bytes: 150 },
      { name: 'travelling', milliseconds: 5 },
      { name: 'rest', milliseconds: 12 },
    ])
  })

  it('are what a loss has cost, first of all who was closed', () => {
    const figures = figuresOf({ ...rowOf('closed', [lost, recovered]), closed }, 'self')
    expect(figures[0]).toEqual({ name: 'wasClosed', peer: 'a', after: 1 })
    expect(figures.slice(-3)).toEqual([
      { name: 'detected', milliseconds: 80 },
      { name: 'recovered', milliseconds: 120 },
      { name: 'replayed', tokens: 9 },
    ])
  })

  it('are how guesses fared, and a handover', () => {
    expect(figuresOf(rowOf('switched', [judged, lost, recovered]), 'self').slice(2)).toEqual([
      { name: 'accepted', share: 0.5 },
      { name: 'perRound', tokens: 2 },
      { name: 'bytesPerToken', bytes: 300 },
      { name: 'handover', milliseconds: 120 },
      { name: 'roundsLost', atMost: 1 },
    ])
  })
})
