/**
 * What becomes of a text whose asker dies: another tab has written down the prompt, the seed and every token, and goes on from
 * there. It is told each token as it is said, ten bytes, and is another one where that tab dies first.
 */
import { type Line, Unanswered } from '../../line'
import type { Question } from '../../mode'
import type { NodeId, Ports } from '../../ports'
import { misfit } from '../../room'
import { mostWritten, type Purpose } from '../../wire/letters'

export interface Succession {
  /** Before a token is chosen: `said` is all that has been. Waits only until somebody has the beginning. */
  tell(question: Question, said: readonly number[], signal: AbortSignal): Promise<void>
  /** The answer is over, nobody need go on from it. */
  rest(): void
  close(): void
}

const openingMs = 3000

interface Standby {
  readonly id: NodeId
  readonly session: number
  readonly question: Question
  told: readonly number[]
}

export function openSuccession({ links, self }: Ports, line: Line): Succession {
  let standby: Standby | null = null
  /** Those that did not want to. */
  const unwilling = new Set<NodeId>()

  const rest = (): void => {
    if (standby) line.close(standby.id, standby.session)
    standby = null
  }
  const stopListening = links.on({
    lost(id) {
      if (standby?.id === id) standby = null
    },
  })

  async function appoint(question: Question, said: readonly number[], signal: AbortSignal): Promise<void> {
    const adapter = question.adapter?.hash ?? null
    // No letter holds more, and no other tab would write it down.
    if (question.prompt.length > mostWritten || said.length > mostWritten) return
    const { prompt, stop, tokens, temperature, seed, topK, topP } = question
    const asked = { tokens, temperature, seed, topK, topP, prompt: [...prompt], stop: [...stop] }
    const purpose: Purpose = { kind: 'standby', said: [...said], adapter, ...asked }
    for (;;) {
      const willing = links
        .members()
        .filter(({ id, hello }) => !unwilling.has(id) && misfit(self.facts, hello, adapter) === null)
        .sort((a, b) => Number(b.hello.isVisible) - Number(a.hello.isVisible) || (a.id < b.id ? -1 : 1))
      const [first] = willing
      if (!first) return
      const session = line.newSession()
      try {
        await line.open(first.id, { session, epoch: 0 }, purpose, { forMs: openingMs, signal })
        standby = { id: first.id, session, question, told: said }
        return
      } catch (problem) {
        if (!(problem instanceof Unanswered)) throw problem
        unwilling.add(first.id)
      }
    }
  }

  return {
    async tell(question, said, signal) {
      if (standby && standby.question !== question) rest()
      if (!standby) return appoint(question, said, signal)
      const at = Math.min(standby.told.length, said.length)
      const isLonger = said.length > standby.told.length
      if (isLonger) {
        const { id, session } = standby
        line.tell(id, { type: 'tokens', session, epoch: 0, at, ids: said.slice(at) })
        standby.told = said
        return
      }
      // Something was taken back: written down anew.
      if (said.length < standby.told.length) {
        rest()
        await appoint(question, said, signal)
      }
    },
    rest,
    close() {
      stopListening()
      rest()
    },
  }
}
