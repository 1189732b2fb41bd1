import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../network/time/virtual-clock'
import { hashOfIds } from '../../../reasoning/ask'
import type { Note } from '../../../reasoning/mode'
import { after, begun } from '../view/answer'
import type { Asking } from '../view/view'
import { openProving, type ProvingPorts } from './proving'
import type { MayClose, Surroundings } from './rows'
import { type Proof, verdictOf } from './verdict'

const wish = { prompt: 'Once', tokens: 9, temperature: 0.7, seed: 7 }

interface RoomOptions {
  readonly tabs?: number
  /** So many tokens its texts have. */
  readonly length?: number
  readonly mayClose?: MayClose
  /** Comes back so long after it was closed. */
  readonly backAfterMs?: number
  /** Is in the room so long after the proof began, and ready only then. */
  readonly arrivesAfterMs?: number
  /** Null: never. */
  readonly readyAfterMs?: number | null
  /** Once it is back it still loads for so long. */
  readonly loadsForMs?: number
  readonly stays?: boolean
  /** Its loss is not noticed. */
  readonly unmissed?: boolean
  /** What happens after a token. */
  readonly onToken?: (asking: Asking, proving: ReturnType<typeof openProving>) => void
  readonly adapterOf?: (mode: string) => string
}

/** A room of tabs that say numbers: the text of each mode is the same, and a tab that was closed is lost with the next token. */
function roomOf(options: RoomOptions) {
  const { tabs = 3, length = wish.tokens, mayClose = 'yes', backAfterMs = 1000 } = options
  const clock = virtualClock()
  const there = new Set(Array.from({ length: tabs }, (_, at) => `t${at}`))
  const log: string[] = []
  const shown: Proof[] = []
  let isStopped = false
  const since = clock.now()
  let loading = 0
  const load = (id: string, forMs: number) => {
    loading++
    clock.after(forMs, () => {
      loading--
      there.add(id)
    })
  }
  if (options.arrivesAfterMs !== undefined) load('late', options.arrivesAfterMs)
  const around = (): Surroundings => ({
    self: 'self',
    layers: 6,
    mostLayers: 6,
    fingerprint: 'a',
    others: [...there].map((id) => ({ id, mostLayers: 6, fingerprint: id === 't9' ? 'b' : 'a' })),
    arriving: loading,
    lacks: () => null,
  })
  const ports: ProvingPorts = {
    clock,
    isReady() {
      const { readyAfterMs = 0 } = options
      if (readyAfterMs === null) throw new Error('No model.')
      return clock.now() - since >= readyAfterMs
    },
    async begin() {
      log.push('begin')
      return around()
    },
    async ask({ mode, prompt }, heard) {
      log.push(mode)
      let asking = begun(1, mode, prompt, 1)
      const note = (one: Note) => {
        asking = after(asking, { kind: 'note', note: one })
      }
      const stages = () => ['self', ...[...there].slice(0, 2)].map((id) => ({ id, layers: [0, 2] as const }))
      let used = stages()
      if (mode !== 'alone') note({ kind: 'stages', stages: used, epoch: 0 })
      for (let at = 0; at < length; at++) {
        if (isStopped) {
          await heard({ ...asking, isRunning: false, problem: 'Stopped.' })
          throw new Error('Stopped.')
        }
        for (const { id } of used)
          if (id !== 'self' && !there.has(id) && !options.unmissed)
            note({ kind: 'lost', id, why: '', detectedMs: 1 })
        used = stages()
        if (mode === 'speculative')
          note({ kind: 'judged', by: used[1].id, drafted: 1, accepted: 0, refused: null, isHedged: false })
        const by = used.at(-1)!.id
        asking = after(asking, { kind: 'token', id: 50 + at, by, gap: 1, computeMs: 1, travelMs: 1 }, 'x')
        await heard(asking)
        options.onToken?.(asking, proving)
      }
      await heard({ ...asking, isRunning: false, hash: hashOfIds(asking.tokens.map(({ id }) => id)) })
      return options.adapterOf?.(mode) ?? ''
    },
    stop() {
      isStopped = true
    },
    mayClose: () => mayClose,
    async close(peer) {
      log.push(`close ${peer}`)
      if (options.stays) return false
      there.delete(peer)
      clock.after(backAfterMs, () => load(`${peer}'`, options.loadsForMs ?? 0))
      return true
    },
    show: (proof) => shown.push(proof),
  }
  const proving = openProving(ports)
  async function prove(): Promise<Proof> {
    let proof: Proof | null = null
    const making = proving.prove(wish).then((made) => {
      proof = made
    })
    making.catch(() => {})
    while (proof === null) {
      await new Promise((resolve) => setImmediate(resolve))
      clock.advance(50)
    }
    await making
    return proof
  }
  return { prove, proving, log, shown, there }
}

const statesOf = ({ rows }: Proof) =>
  rows.map(({ state }) => (state.kind === 'unproven' ? state.why.kind : state.kind))

describe('a proof', () => {
  it('asks in five ways, one after the other, each from nothing, and comes to one hash', async () => {
    const { prove, log, shown } = roomOf({})
    const proof = await prove()
    expect(log.filter((line) => line !== 'begin' && !line.startsWith('close'))).toEqual([
      'alone',
      'pipeline',
      'pipeline',
      'speculative',
      'speculative',
    ])
    expect(verdictOf(proof).kind).toBe('proven')
    expect(shown.at(-1)).toBe(proof)
    expect(shown[0].rows.map(({ state }) => state.kind)).toEqual(Array(5).fill('waiting'))
  })

  it('closes a tab after a third of the tokens, in two rows, and no more than once in each', async () => {
    const { prove, log } = roomOf({})
    const { rows } = await prove()
    expect(log.filter((line) => line.startsWith('close'))).toHaveLength(2)
    expect(rows.map(({ closed }) => closed?.after ?? null)).toEqual([null, null, 3, null, 3])
    expect(rows[2].closed?.peer).toBe('t1')
  })

  it('counts a third of the text as it is, where it ends before the tokens wished for', async () => {
    const { rows } = await roomOf({ length: 6 }).prove()
    expect(rows[2].closed?.after).toBe(2)
  })

  it('waits for a tab that it has closed where a row would want for it, and not for ever', async () => {
    expect(statesOf(await roomOf({ tabs: 2 }).prove())).toEqual(Array(5).fill('done'))
    const { prove } = roomOf({ tabs: 2, backAfterMs: 60_000 })
    const proof = await prove()
    expect(statesOf(proof)).toEqual(['done', 'done', 'done', 'done', 'judges'])
    expect(verdictOf(proof)).toMatchObject({ kind: 'partly', same: 4 })
  })

  it('waits longer for a tab that is back and still loads, and not for ever', async () => {
    const room = { tabs: 2, backAfterMs: 5000 }
    expect(statesOf(await roomOf({ ...room, loadsForMs: 80_000 }).prove())).toEqual(Array(5).fill('done'))
    expect(statesOf(await roomOf({ ...room, loadsForMs: 300_000 }).prove()).at(-1)).toBe('judges')
  })

  it('waits for tabs that load as it begins', async () => {
    const late = { tabs: 1, arrivesAfterMs: 60_000 }
    expect(statesOf(await roomOf(late).prove())).toEqual(Array(5).fill('done'))
  })

  it('waits until its own tab is ready, and may be stopped meanwhile', async () => {
    const { prove, shown, log } = roomOf({ readyAfterMs: 200_000 })
    expect(verdictOf(await prove()).kind).toBe('proven')
    expect(shown.findLast(({ rows }) => rows[0].asking === null)?.isRunning).toBe(true)
    expect(log.filter((line) => line === 'begin')).toHaveLength(5)

    const room = roomOf({ readyAfterMs: 200_000 })
    const making = room.prove()
    room.proving.stop()
    expect(statesOf(await making)).toEqual(Array(5).fill('stopped'))
    expect(room.log).toEqual([])
  })

  it('is refused once, and shows no rows, where its tab never gets ready', async () => {
    const { proving, shown } = roomOf({ readyAfterMs: null })
    await expect(proving.prove(wish)).rejects.toThrow('No model.')
    expect(shown).toEqual([])
  })

  it('can be made again', async () => {
    const { prove } = roomOf({})
    await prove()
    expect(verdictOf(await prove()).kind).toBe('proven')
  })

  it('runs what can run, and says of the rest why it cannot', async () => {
    expect(statesOf(await roomOf({ tabs: 0 }).prove())).toEqual(['done', 'tabs', 'tabs', 'judges', 'judges'])
    const { prove, log } = roomOf({ mayClose: 'coordinator-only' })
    expect(statesOf(await prove())).toEqual(['done', 'done', 'coordinator-only', 'done', 'coordinator-only'])
    expect(log.some((line) => line.startsWith('close'))).toBe(false)
  })

  it('proves nothing by a row in which nobody was closed, or nobody noticed', async () => {
    const closing = async (options: RoomOptions) => statesOf(await roomOf(options).prove())[2]
    expect(await closing({ stays: true })).toBe('stays')
    expect(await closing({ length: 2 })).toBe('short')
    expect(await closing({ unmissed: true })).toBe('unmissed')
  })

  it('goes on where a tab dies by itself, and is the same for all that', async () => {
    const room = roomOf({
      onToken(asking) {
        if (asking.mode === 'pipeline' && asking.tokens.length === 5) room.there.delete('t0')
      },
    })
    const proof = await room.prove()
    expect(proof.rows[1].asking?.incidents.map(({ kind }) => kind)).toEqual(['lost'])
    expect(statesOf(proof).slice(0, 2)).toEqual(['done', 'done'])
  })

  it('compares no two models', async () => {
    let asked = 0
    const proof = await roomOf({ adapterOf: () => (++asked > 3 ? 'newer' : 'older') }).prove()
    expect(statesOf(proof)).toEqual(['done', 'done', 'done', 'learned', 'learned'])
  })

  it('is stopped in mid-sentence, keeps what was said, and cannot be begun twice', async () => {
    const room = roomOf({
      onToken(asking, proving) {
        if (asking.mode === 'pipeline' && asking.tokens.length === 2) proving.stop()
      },
    })
    const making = room.prove()
    await expect(room.proving.prove(wish)).rejects.toThrow('A proof is being made already.')
    const proof = await making
    expect(statesOf(proof)).toEqual(['done', ...Array(4).fill('stopped')])
    expect(proof.rows[1].asking?.tokens).toHaveLength(2)
    expect(proof.isRunning).toBe(false)
  })
})
