/**
 * A tab's engine while texts are being made: decoders by number, on stretches of the model, several at once. The token is
 * chosen here, where the logits are. A pass goes before training (`turns.ts`). What a GPU held is gone when it is taken away,
 * so its sessions are over then; whoever reads again from the beginning gets the same bits.
 */
import { MachineLost } from '../kernels/machines/machine'
import { sha256Hex } from '../lib/hash'
import type { Adapter } from '../model/adapter'
import { capacityOf, type Decoder, joined, openDecoder } from '../model/decoder'
import type { LanguageModel } from '../model/languageModel'
import { massesOf } from '../model/masses'
import { choose } from '../model/sampling'
import type { Stretch } from '../model/stretch'
import { awkwardTexts } from '../model/tokenizing/selfTest'
import { measureArithmetic } from './arithmetic'
import {
  type Arithmetic,
  type Passed,
  type PassRequest,
  SessionOver,
  type Sessions,
  type Wanted,
} from './session'
import type { Turns } from './turns'

export interface SessionParts {
  /** What this tab has opened. Throws where that is nothing. */
  model(): LanguageModel
  /** The same model, or as much of it as this stretch needs; what is `inUse` when it is loaded stays in memory. */
  modelFor(stretch: Stretch, inUse: () => ReadonlySet<LanguageModel>): Promise<LanguageModel>
  decode(adapter: Uint8Array | null): Adapter | null
  /** Asks for the machine again that was lost with this model. */
  replace(lost: LanguageModel): Promise<void>
  readonly turns: Turns
}

/** A caller who opens session after session and closes none. */
const mostSessions = 32

/** Tokens between two looks at whether the session was closed meanwhile: a chunk of the decoder. */
const tokensAtOnce = 64

interface Open {
  readonly decoder: Decoder
  readonly model: LanguageModel
  /** Passes come one after the other: they share what the decoder remembers. */
  last: Promise<unknown>
}

export function openSessions({ model, modelFor, decode, replace, turns }: SessionParts): Sessions {
  const open = new Map<number, Open>()
  const measured = new WeakMap<LanguageModel, Promise<Arithmetic>>()
  let last = 0
  let opening = 0

  const opened = (session: number): Open => {
    const found = open.get(session)
    if (!found) throw new SessionOver(`Session ${session} is over.`)
    return found
  }
  /** What it holds is freed when nothing reads it any more. */
  const close = (session: number): void => {
    const found = open.get(session)
    open.delete(session)
    void found?.last.finally(() => found.decoder.dispose())
  }

  async function pass({ session, at, input, rows, wanted }: PassRequest): Promise<Passed> {
    const { decoder } = opened(session)
    if (wanted.kind === 'hidden' ? decoder.stretch.gives !== 'hidden' : decoder.stretch.gives !== 'logits')
      throw new RangeError(`This session gives ${decoder.stretch.gives}, not ${wanted.kind}.`)
    decoder.trim(at)
    const { config } = model()
    const chunk = tokensAtOnce * (decoder.stretch.reads === 'ids' ? 1 : config.width)
    const beganAtMs = performance.now()
    const results: Float32Array[] = []
    for (let begin = 0; begin < input.length; begin += chunk) {
      opened(session)
      const numbers = await decoder.read(input.slice(begin, begin + chunk), rows)
      if (rows === 'each' || begin + chunk >= input.length) results.push(numbers)
    }
    const width = decoder.stretch.gives === 'logits' ? config.vocabulary : config.width
    return { ...made(results, width, wanted), milliseconds: performance.now() - beganAtMs }
  }

  return {
    async facts() {
      const { hash, format, config, tokenizer } = model()
      const { layers, width, vocabulary, contextLength } = config
      const ids = JSON.stringify(awkwardTexts.map((text) => idsOrNone(tokenizer.encode, text)))
      return {
        modelHash: hash,
        tokenizerHash: sha256Hex(new TextEncoder().encode(ids)),
        precision: format,
        layers,
        width,
        vocabulary,
        eosIds: tokenizer.eosIds,
        capacity: capacityOf(contextLength),
      }
    },
    arithmetic: () => {
      const whole = model()
      if (!measured.has(whole))
        measured.set(
          whole,
          turns.during(() => measureArithmetic(whole)),
        )
      return measured.get(whole)!
    },
    encode: async (text) => model().tokenizer.encode(text),
    decode: async (ids) => model().tokenizer.decode(ids),
    async openSession({ adapter, stretch }) {
      if (open.size + opening >= mostSessions)
        throw new RangeError(`${mostSessions} sessions are open in this tab. Close some first.`)
      const session = ++last
      const inUse = () => new Set([...open.values()].map(({ model }) => model))
      opening++
      try {
        const held = await modelFor(stretch, inUse)
        const decoder = openDecoder(held, decode(adapter), stretch)
        open.set(session, { decoder, model: held, last: Promise.resolve() })
        return session
      } finally {
        opening--
      }
    },
    async pass(request) {
      const own = opened(request.session)
      const passing = own.last.then(() => turns.during(() => pass(request)))
      own.last = passing.catch(() => {})
      try {
        return await passing
      } catch (problem) {
        if (!(problem instanceof MachineLost)) throw problem
        close(request.session)
        await replace(own.model)
        throw new SessionOver(`Session ${request.session} lost its machine: ${problem.message}`)
      }
    },
    closeSession: async (session) => close(session),
  }
}

/** A tokenizer without tokens for a text refuses it: that it does is a fact about it, too. */
function idsOrNone(encode: (text: string) => number[], text: string): number[] | null {
  try {
    return encode(text)
  } catch {
    return null
  }
}

/** What is wanted of rows, in the order in which they were read. */
function made(results: readonly Float32Array[], width: number, wanted: Wanted) {
  const numbers = joined(results)
  const rows = (): Float32Array[] =>
    Array.from({ length: numbers.length / width }, (_, row) =>
      numbers.subarray(row * width, (row + 1) * width),
    )
  switch (wanted.kind) {
    case 'hidden':
      return { kind: 'hidden', hidden: numbers } as const
    case 'choices': {
      const { draw } = wanted
      const choices = rows().map((logits, row) => choose(logits, { ...draw, position: draw.position + row }))
      return { kind: 'choices', choices } as const
    }
    case 'masses':
      return { kind: 'masses', masses: rows().map((logits) => massesOf(logits, wanted.top)) } as const
  }
}
