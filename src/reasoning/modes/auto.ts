/**
 * Auto: the tab chooses how to work, says why, and changes its mind in mid-text. It chooses among modes that say what one tab would
 * say, so a change changes nothing in the text; what it costs is that the next way of working must read it. What is foreseen for each
 * (plan/choose.ts) is looked at again when somebody comes or goes, when a way of working fails, and every few tokens, beside what
 * a token really took.
 */
import type { Line } from '../line'
import type { Chooser, Drawn, Mode, Question, Said } from '../mode'
import { chooseMode, type Estimate, estimates, type LosslessMode, losslessModes } from '../plan/choose'
import type { Member, Ports } from '../ports'
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
  needsOthers: true,
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
const weight = 1 / 4

interface Current {
  readonly mode: LosslessMode
  readonly chooser: Chooser
  /** What a token really took, as a moving average; what was foreseen before the first. */
  millisecondsPerToken: number
  hasBegun: boolean
}

function openAuto(ports: Ports, line: Line, opened: Question): Chooser {
  const { links, clock } = ports
  const failed = new Set<LosslessMode>()
  let current: Current | null = null
  let acceptance = hopedAcceptance
  let hasRoomChanged = true
  let lookedAt = 0
  const stopListening = links.on({
    changed() {
      hasRoomChanged = true
    },
  })

  function foreseen(): readonly Estimate[] {
    const members: readonly Member[] = links.members()
    const possible = estimates(meansOf(ports, opened, acceptance))
    return possible.filter(({ mode }) => !failed.has(mode) && modes[mode].lacks(members, ports) === null)
  }
  function leave(): void {
    current?.chooser.close()
    current = null
  }
  /** Goes over to what is best now, if that is another. */
  function reconsider(length: number, question: Question): Said | null {
    if (current && !hasRoomChanged && length - lookedAt < lookEvery) return null
    hasRoomChanged = false
    lookedAt = length
    const all = foreseen()
    const chosen = chooseMode(all, current)
    if (!chosen) throw new Error(auto.lacks(links.members(), ports) ?? nothingWorks)
    if (chosen.mode === current?.mode) return null
    const from = current?.mode ?? null
    leave()
    const { mode, millisecondsPerToken } = chosen
    current = {
      mode,
      chooser: modes[mode].open(ports, line, question),
      millisecondsPerToken,
      hasBegun: false,
    }
    const aloneMs = all.find((one) => one.mode === 'alone')?.millisecondsPerToken ?? null
    return { kind: 'note', note: { kind: 'mode', mode, from, millisecondsPerToken, aloneMs } }
  }

  async function* next(drawn: Drawn): AsyncGenerator<Said> {
    for (;;) {
      const change = reconsider(drawn.text.length, drawn.question)
      if (change) yield change
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
        if (tokens > 0 && used.hasBegun) {
          const tookMs = (clock.now() - beganAtMs) / tokens
          used.millisecondsPerToken += weight * (tookMs - used.millisecondsPerToken)
        }
        used.hasBegun ||= tokens > 0
        return
      } catch (problem) {
        drawn.signal.throwIfAborted()
        if (tokens > 0) throw problem
        failed.add(used.mode)
        leave()
        if (foreseen().length === 0) throw problem
      }
    }
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

function meansOf(ports: Ports, question: Question, acceptance: number) {
  const { self } = ports
  const [own, ...others] = crewOf(ports, question.adapter?.hash ?? null, question.stages).candidates()
  return {
    layers: self.facts.layers,
    own,
    isLowOnPower: ports.isLowOnPower(),
    others,
    rates: { acceptance },
    draftLayers: draftLayers(self.facts, self.mostLayers),
  }
}
