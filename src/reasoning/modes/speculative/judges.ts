/**
 * By what an edge judges: one pass of its whole model over all guesses at once; or, where it is a room's cloud, what the tabs
 * around it say together, token after token, up to the first that is not what was guessed.
 */
import type { Choice, Draw } from '../../../model/sampling'
import { wholeStretch } from '../../../model/stretch'
import { choicesOf } from '../../../training/session'
import type { Line } from '../../line'
import type { Question } from '../../mode'
import type { Ports } from '../../ports'
import { openReader } from '../../reader'
import { usualWish } from '../../usual'
import type { Purpose } from '../../wire/letters'
import { ensemble } from '../ensemble/ensemble'

export type Judging = Extract<Purpose, { readonly kind: 'verifier' }>

export interface Judge {
  /** So many compute for each token. */
  readonly tabs: number
  /** What is chosen after the known tokens, and after each guess, up to the first wrong one at least. */
  choose(
    known: readonly number[],
    guesses: readonly number[],
  ): Promise<{ readonly choices: readonly Choice[]; readonly milliseconds: number }>
  close(): void
}

/** Rejects with an error whose message goes to the asker. */
export async function openJudge(ports: Ports, line: Line, judging: Judging): Promise<Judge> {
  const { layers } = ports.self.facts
  if (ports.self.mostLayers < layers)
    throw new Error(
      `It may hold ${ports.self.mostLayers} of the model’s ${layers} layers, so it cannot judge.`,
    )
  return judging.by === 'ensemble' ? togetherWithOthers(ports, line, judging) : byItself(ports, judging)
}

function byItself({ sessions, adapter, self }: Ports, { adapter: hash, start, ...draw }: Judging): Judge {
  const bytes = hash === null ? null : adapter(hash)
  if (hash !== null && bytes === null) throw new Error('It does not hold that version of the adapter.')
  // Several people's drafts that wait at the same time are judged in one pass.
  const reader = openReader(sessions, bytes, wholeStretch(self.facts), true)
  return {
    tabs: 1,
    async choose(known, guesses) {
      const wanted = { kind: 'choices', draw: { ...draw, position: start + known.length } } as const
      const passed = await reader.read([...known, ...guesses], wanted, known.length - 1)
      return { choices: choicesOf(passed), milliseconds: passed.milliseconds }
    },
    close: () => reader.close(),
  }
}

async function togetherWithOthers(ports: Ports, line: Line, judging: Judging): Promise<Judge> {
  const { links, clock } = ports
  const { start, promptLength, adapter: hash, temperature, seed, topK, topP } = judging
  const draw: Omit<Draw, 'position'> = { temperature, seed, topK, topP }
  const aborter = new AbortController()
  await links.gather(aborter.signal)
  const lacking = ensemble.lacks(links.members(), ports)
  if (lacking) throw new Error(lacking)
  const bytes = hash === null ? null : ports.adapter(hash)
  const adapter = hash !== null && bytes ? { hash, bytes } : null
  const question: Question = { ...usualWish, ...draw, prompt: [], tokens: 0, adapter }
  const chooser = ensemble.open(ports, line, question)
  /** What stood before the window nobody reads; only where it ended counts. */
  const before = Array<number>(start).fill(0)
  return {
    tabs: 1 + links.members().filter(({ hello }) => hello.offersOwn).length,
    async choose(known, guesses) {
      const beganAtMs = clock.now()
      const choices: Choice[] = []
      for (let right = 0; right <= guesses.length; right++) {
        const text = [...before, ...known, ...guesses.slice(0, right)]
        const drawn = { text, promptLength, signal: aborter.signal, question }
        // Where somebody babbles it is left out, and the token is chosen again.
        while (choices.length <= right)
          for await (const said of chooser.next(drawn)) if (said.kind === 'token') choices.push(said)
        if (choices[right].id !== guesses[right]) break
      }
      return { choices, milliseconds: clock.now() - beganAtMs }
    },
    close() {
      aborter.abort(new Error('Its asker has what it wanted.'))
      chooser.close()
    },
  }
}
