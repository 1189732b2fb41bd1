/**
 * What a room keeps, whatever one member does: every round is finished, every honest device takes part in it, all end with
 * one adapter, everybody sees everybody, and what was learned is what was learned without that member, or as far from it
 * as the rules let a quarter of the weight go.
 */
import type { GossamerNode } from '../../../src/node/gossamerNode'
import type { NodeState } from '../../../src/node/state'
import { openAttackRoom, type Room, ready, within } from './room'

const honestKeys = ['anna', 'bela', 'cleo'] as const
export const rounds = 3
const usual = `rounds=${rounds}&aggregation=fedavg`
/** Three rounds of the toy take a fraction of a second; a grace time of 10 s after every round is too long already. */
const usualPatienceMs = 12_000

export interface Expectation {
  /** Whether what was learned must be, to the bit, what is learned without the liar. */
  readonly sameHash: boolean
  readonly query?: string
  /** Whatever the rules allow: least and most of the held-out loss; the quiet run's without it. */
  readonly heldOut?: readonly [number, number]
  /** Where a member is waited for that will never answer: a round's grace time each. */
  readonly patienceMs?: number
  /** What else must hold right after the attack. */
  look?(room: Besieged): readonly string[]
}

export interface Besieged extends Room {
  readonly honest: readonly GossamerNode[]
}

/** Three honest devices, ready to begin. */
async function honestRoom(query = ''): Promise<Besieged> {
  const room = await openAttackRoom(`${usual}&${query}`)
  const honest: GossamerNode[] = []
  for (const key of honestKeys) {
    honest.push(await room.device(key, 1)) // one after the other: places follow arrival
    await ready(room.coordinator, honest.length)
  }
  return { ...room, honest }
}

const quiet = new Map<string, Promise<{ hash: string | null; heldOut: number | null }>>()

/** The same run without anybody who lies. */
function quietRun(query = ''): Promise<{ hash: string | null; heldOut: number | null }> {
  const known = quiet.get(query)
  if (known) return known
  const run = (async () => {
    const room = await honestRoom(query)
    room.coordinator.start()
    await within(room.coordinator, usualPatienceMs, isDone)
    const { adapterHash, loss } = room.coordinator.snapshot()
    await room.close()
    return { hash: adapterHash, heldOut: loss.heldOut }
  })()
  quiet.set(query, run)
  return run
}

/** Runs the attack on a room before its first round, lets the run go on, and says what did not hold. */
export async function besiege(
  act: (room: Besieged) => Promise<unknown>,
  { sameHash, query = '', heldOut, patienceMs = usualPatienceMs, look = () => [] }: Expectation,
): Promise<string[]> {
  const expected = await quietRun(query)
  const room = await honestRoom(query)
  try {
    await act(room)
    const own = look(room)
    if (room.coordinator.store.getState().phase.kind === 'lobby') room.coordinator.start()
    const done = await within(room.coordinator, patienceMs, isDone)
    return [
      ...own,
      ...(await ailsOf(
        room,
        done,
        sameHash ? expected.hash : null,
        heldOut ?? around(expected.heldOut),
        patienceMs,
      )),
    ]
  } finally {
    await room.close()
  }
}

const around = (value: number | null): readonly [number, number] => [(value ?? 0) - 1e-6, (value ?? 0) + 1e-6]

const isDone = ({ phase, history, round }: NodeState): boolean =>
  phase.kind === 'finished' && history.length >= round.of

async function ailsOf(
  room: Besieged,
  done: NodeState | null,
  hash: string | null,
  [least, most]: readonly [number, number],
  patienceMs: number,
): Promise<string[]> {
  const state = room.coordinator.store.getState()
  if (!done) {
    const { phase, round, history, problems } = state
    const last = problems.at(-1)
    return [
      `the run does not end within ${patienceMs / 1000} s: ${phase.kind}, round ${round.number} of ${round.of}, ${round.stage}, ${round.arrived} of ${round.cohort} answered, ${history.length} measured${last ? ` (${last.code}: ${last.message.slice(0, 120)})` : ''}`,
    ]
  }
  const found: string[] = []
  for (const record of done.history) {
    if (record.contributors < honestKeys.length)
      found.push(`only ${record.contributors} contribute to round ${record.round}`)
    if (record.heldOut === null || !Number.isFinite(record.heldOut))
      found.push(`round ${record.round} is not measured`)
  }
  const after = room.coordinator.snapshot()
  if (hash !== null && after.adapterHash !== hash) found.push('something else was learned than without it')
  const { heldOut } = after.loss
  if (heldOut === null || heldOut < least || heldOut > most)
    found.push(`the held-out loss is ${heldOut}, and must be between ${least} and ${most}`)
  for (const [at, node] of room.honest.entries()) {
    const key = honestKeys[at]
    const caughtUp = await within(
      node,
      3_000,
      (own) => own.adapterHash === after.adapterHash && own.phase.kind === 'finished',
    )
    if (!caughtUp)
      found.push(`${key} does not end with everybody's adapter (${node.store.getState().phase.kind})`)
    const seen = node.store.getState().devices
    if (!honestKeys.every((other) => seen.some((device) => device.key === other && device.examples > 0)))
      found.push(`${key} does not see everybody: ${seen.map((device) => device.key).slice(0, 8)}`)
    const view = state.devices.find((device) => device.key === key)
    if (!view || view.activity === 'gone' || view.refused)
      found.push(`${key} is ${view?.refused ?? view?.activity ?? 'unknown'}`)
    if (node.store.getState().history.length < rounds)
      found.push(`${key} knows ${node.store.getState().history.length} rounds`)
  }
  return found
}
