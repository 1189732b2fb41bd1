/**
 * A tab's engine while texts are being made: texts by number, on stretches of the model, several at once, and in one pass where
 * they are shared (`company.ts`). The token is chosen here, where the logits are. A pass goes before training (`turns.ts`). What
 * a GPU held is gone when it is taken away, so its sessions are over then; whoever reads again from the beginning gets the same
 * bits.
 */
import { MachineLost } from '../kernels/machines/machine'
import { sha256Hex } from '../lib/hash'
import { ln } from '../lib/portable'
import type { Adapter } from '../model/adapter'
import { joined } from '../model/decoder'
import type { LanguageModel } from '../model/languageModel'
import { massesOf } from '../model/masses'
import { capacityOf, Pool, type TextSlot } from '../model/pool'
import { choose } from '../model/sampling'
import type { Stretch } from '../model/stretch'
import { awkwardTexts } from '../model/tokenizing/selfTest'
import { measureArithmetic } from './arithmetic'
import { Company } from './company'
import {
  type Arithmetic,
  type Passed,
  type PassRequest,
  SessionOver,
  type SessionRequest,
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

interface Open {
  readonly company: Company
  readonly slot: TextSlot
  readonly model: LanguageModel
}

export function openSessions({ model, modelFor, decode, replace, turns }: SessionParts): Sessions {
  const open = new Map<number, Open>()
  /** Of shared sessions, those who live in one pool. */
  const companies: { readonly key: string; readonly model: LanguageModel; readonly company: Company }[] = []
  const measured = new WeakMap<LanguageModel, Promise<Arithmetic>>()
  let last = 0
  let opening = 0
  /** Of sessions that are being opened. */
  const joining: LanguageModel[] = []

  const opened = (session: number): Open => {
    const found = open.get(session)
    if (!found) throw new SessionOver(`Session ${session} is over.`)
    return found
  }
  const close = (session: number): void => {
    const found = open.get(session)
    open.delete(session)
    found?.company.leave(found.slot, new SessionOver(`Session ${session} is over.`))
  }

  const companyFor = (held: LanguageModel, request: SessionRequest): Company => {
    const create = () =>
      new Company(new Pool(held, decode(request.adapter), request.stretch), turns, key !== null)
    const key = poolKey(request)
    if (key === null) return create()
    companies.splice(0, companies.length, ...companies.filter(({ company }) => !company.isOver))
    const known = companies.find((some) => some.key === key && some.model === held)
    if (known) return known.company
    const company = create()
    companies.push({ key, model: held, company })
    return company
  }

  /** Work of a session on a model; where the machine is lost meanwhile, the session is over. */
  async function surviving<Result>(
    session: number,
    held: LanguageModel,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work()
    } catch (problem) {
      if (!(problem instanceof MachineLost)) throw problem
      close(session)
      await replace(held)
      throw new SessionOver(`Session ${session} lost its machine: ${problem.message}`)
    }
  }

  async function pass({ company, slot }: Open, request: PassRequest): Promise<Passed> {
    const { stretch } = company.pool
    refuse(stretch, request.wanted)
    const { results, choice, milliseconds } = await company.pass(slot, request)
    if (choice) return { kind: 'choices', choices: [choice], milliseconds }
    const { config } = model()
    const beganAtMs = performance.now()
    const width = stretch.gives === 'logits' ? config.vocabulary : config.width
    const passed = made(results, width, request.wanted)
    return { ...passed, milliseconds: milliseconds + performance.now() - beganAtMs }
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
    async openSession(request) {
      if (open.size + opening >= mostSessions)
        throw new RangeError(`${mostSessions} sessions are open in this tab. Close some first.`)
      const session = ++last
      const inUse = () => new Set([...[...open.values()].map(({ model }) => model), ...joining])
      opening++
      try {
        const held = await modelFor(request.stretch, inUse)
        joining.push(held) // before anything is awaited: others look who needs it
        try {
          const company = companyFor(held, request)
          const slot = await surviving(session, held, () => company.join())
          open.set(session, { company, slot, model: held })
        } finally {
          joining.splice(joining.indexOf(held), 1)
        }
        return session
      } finally {
        opening--
      }
    },
    async pass(request) {
      const own = opened(request.session)
      return surviving(request.session, own.model, () => pass(own, request))
    },
    chooseFrom: async (law, draw) => choose(law.map(ln), draw),
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

/** Throws a RangeError where a stretch does not give what is wanted. */
function refuse({ reads, gives }: Stretch, { kind }: Wanted): void {
  if (kind === 'filled' && reads === 'ids')
    throw new RangeError(
      'This session reads tokens. Only one that reads rows can keep them for layers that they skip.',
    )
  if (kind !== 'filled' && (kind === 'hidden') !== (gives === 'hidden'))
    throw new RangeError(`This session gives ${gives}, not ${kind}.`)
}

/** Equal for shared sessions that live in one pool; null where a session shares nothing. */
export const poolKey = ({ adapter, stretch, shared }: SessionRequest): string | null => {
  const { layers, reads, gives } = stretch
  return shared ? [adapter && sha256Hex(adapter), layers.from, layers.to, reads, gives].join() : null
}

/** What is wanted of rows, in the order in which they were read. */
function made(results: readonly Float32Array[], width: number, wanted: Wanted) {
  const numbers = joined(results)
  const rows = (): Float32Array[] =>
    Array.from({ length: numbers.length / width }, (_, row) =>
      numbers.subarray(row * width, (row + 1) * width),
    )
  switch (wanted.kind) {
    case 'filled':
      return { kind: 'filled' } as const
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
