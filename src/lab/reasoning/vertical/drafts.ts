/**
 * How well the first layers of a model guess what all of it says, with an adapter for the guess, one for the whole, or none. On text
 * that nobody has learned from, position by position; and by letting the mode itself go on from how such texts begin.
 */
import type { Example } from '../../../corpora/example'
import type { DraftAdapter, Question } from '../../../reasoning/mode'
import { draftLayers, exitStretch } from '../../../reasoning/modes/speculative/drafter'
import { openReader } from '../../../reasoning/reader'
import { usualWish } from '../../../reasoning/usual'
import type { OpenRequest } from '../../../training/compute'
import { openHeadless } from '../../../training/headless'
import { choicesOf, type Sessions } from '../../../training/session'
import { askInRoom } from '../room/asking'
import { openReasoningRoom } from '../room/room'

export interface Guessing {
  /** Of the whole model. */
  readonly sessions: Sessions
  readonly adapter: Question['adapter']
  /** Null: the first half of the layers, with the adapter above. */
  readonly draft: DraftAdapter | null
}

export interface Fared {
  /** Share of positions at which both choose the same token. */
  readonly agreement: number
  readonly positions: number
  /** Of the guesses that were judged, the share that was right. */
  readonly acceptance: number
  readonly tokensPerRound: number
}

/** Tokens of a text that begin it, that are said after them, and that are guessed at once. */
const [promptTokens, answerTokens, guesses] = [12, 48, 4]

/** @param texts that nobody has learned from */
export async function faredOn(
  guessing: Guessing,
  texts: readonly string[],
  temperature: number,
): Promise<Fared> {
  const { sessions } = guessing
  const ids = await Promise.all(texts.map((text) => sessions.encode(text)))
  const agreed = await agreementOn(guessing, ids, temperature)
  const beginnings = ids.filter(({ length }) => length > promptTokens)
  const room = await openReasoningRoom({
    seed: 1,
    link: { delayMs: 10, jitter: 0, loss: 0, bytesPerSecond: 1.25e6 },
    nodes: [1, 2].map(() => ({ sessions, millisecondsPerLayer: 1 })),
    merged: guessing.adapter,
  })
  let [accepted, tried, rounds, tokens] = [0, 0, 0, 0]
  for (const beginning of beginnings) {
    const { notes, ids: said } = await askInRoom(room, {
      ...usualWish,
      mode: 'speculative',
      prompt: await sessions.decode(beginning.slice(0, promptTokens)),
      tokens: answerTokens,
      temperature,
      seed: 7,
      draft: guesses,
      adapter: guessing.adapter,
      draftAdapter: guessing.draft,
    })
    tokens += said.length
    for (const note of notes)
      if (note.kind === 'judged') {
        rounds++
        accepted += note.accepted
        tried += Math.min(note.drafted, note.accepted + 1)
      }
  }
  room.close()
  return { ...agreed, acceptance: accepted / tried, tokensPerRound: tokens / rounds }
}

async function agreementOn(
  { sessions, adapter, draft }: Guessing,
  texts: readonly (readonly number[])[],
  temperature: number,
): Promise<Pick<Fared, 'agreement' | 'positions'>> {
  const facts = await sessions.facts()
  const own = { bytes: adapter?.bytes ?? null, layers: facts.layers }
  const guess = draft ?? { ...own, layers: draftLayers(facts) }
  const wanted = { kind: 'choices', draw: { ...usualWish, temperature, seed: 7, position: 1 } } as const
  let [same, positions] = [0, 0]
  for (const text of texts) {
    const read = text.slice(0, facts.capacity)
    if (read.length < 3) continue
    const [guessed, chosen] = await Promise.all(
      [guess, own].map(async ({ bytes, layers }) => {
        const reader = openReader(sessions, bytes, exitStretch(layers))
        const choices = choicesOf(await reader.read(read.slice(0, -1), wanted, 0))
        reader.close()
        return choices
      }),
    )
    same += guessed.filter(({ id }, at) => id === chosen[at].id).length
    positions += guessed.length
  }
  return { agreement: same / positions, positions }
}

/** One engine by itself: so many steps over a text from the adapter that every device of a room begins with. */
export async function trainedAlone(
  open: OpenRequest,
  text: readonly Example[],
  {
    learningRate,
    ...work
  }: { readonly steps: number; readonly batch: number; readonly learningRate: number },
): Promise<Uint8Array> {
  const compute = openHeadless()
  const { initialAdapter } = await compute.open(open)
  await compute.hold('text', text)
  const job = { shelf: 'text', seed: open.seed, continueAs: null, slow: 1, learningRate, ...work }
  return (await compute.train({ ...job, adapter: initialAdapter })).adapter
}
