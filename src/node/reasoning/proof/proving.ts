/**
 * Makes a proof: asks the same question in five ways, one after the other, each from nothing, and in two of them closes a tab in
 * mid-sentence, after a third of the tokens. The text waits there until that tab has said that it closes, so it is never over by
 * chance before; what the others make of its silence is theirs. A row that cannot run says why, and the others run.
 */
import { messageOf } from '../../../lib/messageOf'
import type { ModeName } from '../../../reasoning/mode'
import type { Asking } from '../view/view'
import {
  closesAfter,
  plans,
  type RowName,
  rowNames,
  type Surroundings,
  spreadOf,
  type WhyUnproven,
  whomToClose,
  whyNot,
} from './rows'
import { firstOf, isWhole, type Proof, type Row } from './verdict'
import { openWaiting, type WaitingPorts } from './waiting'

export interface ProofWish {
  readonly prompt: string
  readonly tokens: number
  readonly temperature: number
  readonly seed: number
}

export interface ProvingPorts extends WaitingPorts {
  /**
   * As `generate`; resolves to the hash of the adapter with which the text was made.
   * @param heard is told the text as it grows; the next token is chosen once it has settled
   */
  ask(
    question: ProofWish & { readonly mode: ModeName },
    heard: (asking: Asking) => Promise<void> | void,
  ): Promise<string>
  /** Ends the text that is being made. */
  stop(): void
  /** Closes a tab, which opens again by itself. False: it stays. */
  close(peer: string): Promise<boolean>
  show(proof: Proof): void
}

export interface Proving {
  /**
   * Waits until this tab is ready. Throws where it never will be, and where one is made already. Never rejects for what a row
   * comes to: that stands in the row.
   */
  prove(wish: ProofWish): Promise<Proof>
  stop(): void
}

export function openProving(ports: ProvingPorts): Proving {
  let proof: Proof | null = null
  let isStopped = false
  const waiting = openWaiting(ports, () => isStopped)

  const show = (change: Partial<Proof>): Proof => {
    proof = { ...proof!, ...change }
    ports.show(proof)
    return proof
  }
  const change = (name: RowName, part: Partial<Row>): void => {
    show({ rows: proof!.rows.map((row) => (row.name === name ? { ...row, ...part } : row)) })
  }
  const unproven = (name: RowName, why: WhyUnproven): void =>
    change(name, { state: { kind: 'unproven', why } })

  async function run(name: RowName, wish: ProofWish): Promise<void> {
    change(name, { state: { kind: 'preparing' } })
    try {
      const around = await waiting.roomFor(name)
      if (isStopped) return
      show({ self: around.self })
      const why = whyNot(name, around, ports.mayClose())
      if (why) return unproven(name, why)
      const text = follow(name, wish, around)
      change(name, { state: { kind: 'running' } })
      const { mode } = plans[name]
      change(name, { adapterHash: await ports.ask({ ...wish, mode }, text.heard) })
      const failing = text.whyNothing()
      if (failing) unproven(name, failing)
      else change(name, { state: { kind: 'done' } })
    } catch (problem) {
      unproven(name, isStopped ? { kind: 'stopped' } : { kind: 'broke', why: messageOf(problem) })
    }
  }

  /** Listens to a row's text, and closes a tab in the middle of it. */
  function follow(name: RowName, { tokens }: ProofWish, around: Surroundings) {
    const { closes, mode } = plans[name]
    const arithmetic = new Map(around.others.map(({ id, fingerprint }) => [id, fingerprint]))
    arithmetic.set(around.self, around.fingerprint)
    const tabs = new Set([around.self])
    const first = firstOf(proof!)
    const known = first?.asking?.tokens.length ?? tokens
    const after = closes && closesAfter(known)
    let closed: Row['closed'] = null
    let stays: string | null = null
    let spread = 1

    async function heard(asking: Asking): Promise<void> {
      for (const { id } of asking.stages) tabs.add(id)
      for (const { by } of asking.tokens.slice(-1)) for (const id of by) tabs.add(id)
      spread = Math.max(spread, spreadOf(asking, around.self))
      const fingerprints = new Set([...tabs].flatMap((id) => arithmetic.get(id) ?? []))
      change(name, { asking, fingerprints: [...fingerprints] })
      if (!closes || after === null || closed || stays || !asking.isRunning) return
      if (asking.tokens.length < after) return
      const peer = whomToClose(closes, asking, around.self)
      if (!peer) return
      closed = { peer, after: asking.tokens.length }
      waiting.closes(peer)
      if (await ports.close(peer)) return change(name, { closed })
      closed = null
      stays = peer
      waiting.stays(peer)
    }

    /** Why a text that is whole proves nothing; null where it does. A text that differs is shown as it is. */
    function whyNothing(): WhyUnproven | null {
      const row = proof!.rows.find((one) => one.name === name)!
      if (first && first.adapterHash !== row.adapterHash) return { kind: 'learned' }
      if (first && isWhole(first) && first.asking.hash !== row.asking?.hash) return null
      if (mode === 'pipeline' && spread < 2) return { kind: 'unspread' }
      if (!closes) return null
      if (stays) return { kind: 'stays', peer: stays }
      if (!closed) return { kind: 'short', tokens: row.asking?.tokens.length ?? 0 }
      const { peer } = closed
      const isMissed = row.asking?.incidents.some((one) => one.kind === 'lost' && one.id === peer)
      return isMissed ? null : { kind: 'unmissed', peer }
    }
    return { heard, whyNothing }
  }

  return {
    async prove(wish) {
      if (proof?.isRunning)
        throw new Error('A proof is being made already. Stop it, or wait until it is done.')
      ports.isReady() // whoever never will be shows no rows
      isStopped = false
      proof = { ...wish, self: '', isRunning: true, rows: rowNames.map(blank) }
      show({})
      try {
        change(rowNames[0], { state: { kind: 'preparing' } })
        await waiting.untilReady()
        for (const name of rowNames) if (!isStopped) await run(name, wish)
      } finally {
        for (const { name, state } of proof.rows)
          if (state.kind === 'waiting' || state.kind === 'preparing') unproven(name, { kind: 'stopped' })
        show({ isRunning: false })
      }
      return proof
    },
    stop() {
      if (!proof?.isRunning) return
      isStopped = true
      ports.stop()
    },
  }
}

const blank = (name: RowName): Row => ({
  name,
  state: { kind: 'waiting' },
  asking: null,
  closed: null,
  fingerprints: [],
  adapterHash: null,
})
