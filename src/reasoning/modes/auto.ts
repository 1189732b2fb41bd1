/**
 * Auto: the tab chooses how to work, says why, and changes its mind in mid-text. It chooses among modes that say what one tab would
 * say, so a change changes nothing in the text; what it costs is that the next way of working must read it. What is foreseen for each
 * (plan/choose.ts) is looked at again when somebody comes or goes, when a way of working breaks off, when the tab is hidden or its
 * battery runs down, and every few tokens, beside what a token really took.
 */
import type { Line } from '../line'
import { type Chooser, type Drawn, type Mode, type Question, type Said, Unanswerable } from '../mode'
import { chooseMode, type Estimate, estimates, type LosslessMode, losslessModes } from '../plan/choose'
import { type Pace, paceAfter, slowness, unknownPace } from '../plan/pace'
import { type Occasion, whyIn } from '../plan/why'
import type { Ports } from '../ports'
import { alone } from './alone'
import { multiAccess } from './multiAccess'
import { crewOf } from './pipeline/crew'
import { pipeline } from './pipeline/pipeline'
import { draftLayers } from './speculative/drafter'
import { speculative } from './speculative/speculative'
import { split } from './split'

const modes: Readonly<Record<LosslessMode, Mode>> = {
  alone,
  speculative,
  'multi-access': multiAccess,
  pipeline,
  split,
}

export const auto: Mode = {
  name: 'auto',
  isLossless: true,
  others: 'welcome',
  lacks(members, ports) {
    const lacking = losslessModes.map((mode) => modes[mode].lacks(members, ports))
    return lacking.includes(null) ? null : lacking[0]
  },
  open: openAuto,
}

/** Of guesses nobody has seen yet: as good as models get that learned to speak early. A few rounds show if they are worse. */
const hopedAcceptance = 0.82
/** Tokens between two looks. */
const lookEvery = 8
interface Current {
  readonly mode: LosslessMode
  readonly chooser: Chooser
  /** The first token pays for reading the text: it says nothing of the next. */
  hasBegun: boolean
}

function openAuto(ports: Ports, line: Line, opened: Question): Chooser {
  const { links, clock } = ports
  /** Broke off, until somebody comes. */
  const failed = new Set<LosslessMode>()
  const paces = new Map<LosslessMode, Pace>()
  /** With others, the last time: ways that nobody has tried are thought as slow, since they need the same tabs and links. */
  let paceOfOthers = unknownPace
  let current: Current | null = null
  /** In this answer. */
  let before: LosslessMode | null = null
  let acceptance = hopedAcceptance
  let there = new Set(links.members().map(({ id }) => id))
  let strain = ports.strain()
  let hasRoomChanged = false
  let lookedAt = 0
  const stopListening = links.on({
    changed() {
      hasRoomChanged = true
    },
  })

  function foreseen(): readonly Estimate[] {
    const members = links.members()
    return estimates(meansOf(ports, opened, acceptance)).filter(
      ({ mode }) => !failed.has(mode) && modes[mode].lacks(members, ports) === null,
    )
  }
  const paceOf = (mode: LosslessMode): Pace =>
    paces.get(mode) ?? (mode === 'alone' ? unknownPace : paceOfOthers)
  const corrected = (one: Estimate): Estimate => ({
    ...one,
    millisecondsPerToken: one.millisecondsPerToken * slowness(paceOf(one.mode)),
  })

  function leave(): void {
    current?.chooser.close()
    current = null
  }

  /** Why to look anew; null where nothing has happened. */
  function occasion(length: number, isBeginning: boolean): Occasion | null {
    const known = { there, strain, hasRoomChanged }
    there = new Set(links.members().map(({ id }) => id))
    strain = ports.strain()
    hasRoomChanged = false
    const hasCome = [...there].some((id) => !known.there.has(id))
    // Whoever comes may make what broke off possible again.
    if (hasCome) failed.clear()
    if (isBeginning) return 'begins'
    if ([...known.there].some((id) => !there.has(id))) return 'left'
    if (!current) return 'failed'
    if (hasCome) return 'came'
    if (strain !== known.strain) return strain ? 'strained' : 'eased'
    return known.hasRoomChanged || length - lookedAt >= lookEvery ? 'measured' : null
  }

  /** Goes over to what is best now, if that is another. */
  function* reconsider({ text, promptLength, question }: Drawn): Generator<Said> {
    const isBeginning = text.length === promptLength
    const why = occasion(text.length, isBeginning)
    if (why === null) return
    lookedAt = text.length
    if (isBeginning) before = null
    const found = foreseen().map(corrected)
    // Most texts end of themselves before they must.
    const left = (question.tokens - (text.length - promptLength)) / 2
    const chosen = chooseMode(found, { inUse: current?.mode ?? null, strain, length: text.length, left })
    if (!chosen) throw new Unanswerable(auto.lacks(links.members(), ports) ?? nothingWorks)
    const { mode } = chosen
    if (mode === before) return
    if (mode !== current?.mode) {
      leave()
      current = { mode, chooser: modes[mode].open(ports, line, question), hasBegun: false }
    }
    const from = before
    before = mode
    const { mostLayers, facts } = ports.self
    const holds = { layers: mostLayers, of: facts.layers }
    const told = whyIn({ chosen, found, occasion: why, strain, holds })
    yield { kind: 'note', note: { kind: 'mode', mode, from, why: told } }
  }

  async function* next(drawn: Drawn): AsyncGenerator<Said> {
    for (;;) {
      yield* reconsider(drawn)
      const used = current!
      const beganAtMs = clock.now()
      let tokens = 0
      try {
        for await (const said of used.chooser.next(drawn)) {
          if (said.kind === 'token') tokens++
          if (said.kind === 'note' && said.note.kind === 'judged')
            acceptance = afterJudged(acceptance, said.note)
          yield said
        }
        if (tokens > 0) took(used, tokens, clock.now() - beganAtMs)
        return
      } catch (problem) {
        drawn.signal.throwIfAborted()
        failed.add(used.mode)
        leave()
        if (foreseen().length === 0) throw problem
        if (tokens > 0) return // what follows is another question
      }
    }
  }

  function took(used: Current, tokens: number, milliseconds: number): void {
    const expected = foreseen().find(({ mode }) => mode === used.mode)
    if (used.hasBegun && expected) {
      const said = { tokens, milliseconds, foreseenMs: expected.millisecondsPerToken }
      const pace = paceAfter(paceOf(used.mode), said)
      paces.set(used.mode, pace)
      if (used.mode !== 'alone') paceOfOthers = pace
    }
    used.hasBegun = true
  }

  return {
    next,
    rest: () => current?.chooser.rest(),
    close() {
      stopListening()
      leave()
    },
  }
}

const nothingWorks =
  'No way of working together is left in this room. Open another tab with the room’s link, then ask again.'

const afterJudged = (
  acceptance: number,
  { drafted, accepted }: { readonly drafted: number; readonly accepted: number },
): number => {
  const tried = Math.min(drafted, accepted + 1)
  return tried === 0 ? acceptance : acceptance + (1 - 0.94 ** tried) * (accepted / tried - acceptance)
}

function meansOf(ports: Ports, { adapter, draftAdapter, stages }: Question, acceptance: number) {
  const { facts, mostLayers } = ports.self
  const crew = crewOf(ports, adapter?.hash ?? null, stages)
  const [itself, ...others] = crew.candidates()
  const own = { ...itself, overheadMs: ports.queue.waitMs(ports.links.self) }
  const guessing = draftAdapter?.layers ?? draftLayers(facts, mostLayers)
  return { layers: facts.layers, own, others, acceptance, draftLayers: guessing, plan: crew.plan() }
}
