/**
 * Which private text a device gets from the generator. It follows from the room's seed and the device's index alone, so
 * two tabs never hold the same facts, a reloaded tab gets its own back, and the coordinator can rebuild the held-out
 * text of all devices for measuring.
 */
import type { Partition, Share } from '../../corpora/example'
import { everydayPrompt, isBase } from '../../corpora/pretraining'
import { type CorpusName, corpusNames, shareOf } from '../../corpora/share'
import type { Settings } from '../../settings/table'
import type { SuggestedPrompt } from '../state'

export const isCorpus = (name: string): name is CorpusName =>
  (corpusNames as readonly string[]).includes(name)

/** Whether who holds this text can be asked about facts that nobody else has read. */
export const holdsFacts = (corpus: string | null): boolean =>
  corpus === 'facts' || corpus === 'mixed' || corpus === 'things'

/** A share takes some 20 ms to write and is asked for again and again; it never changes. */
const written = new Map<string, Share>()

export function shareFor(
  { seed, partition }: Pick<Settings, 'seed' | 'partition'>,
  { corpus, index }: { readonly corpus: string; readonly index: number },
): Share {
  const key = [seed, partition, corpus, index].join(' ')
  const share = written.get(key) ?? write(seed, partition, corpus, index)
  written.set(key, share)
  return share
}

/** The shares of these devices. One that nobody can rebuild is left out: what it holds is known to its own tab only. */
export const sharesOf = <Member extends { readonly corpus: string; readonly index: number }>(
  settings: Pick<Settings, 'seed' | 'partition'>,
  pool: readonly Member[],
): { readonly member: Member; readonly share: Share }[] =>
  pool
    .filter(({ corpus }) => isCorpus(corpus))
    .map((member) => ({ member, share: shareFor(settings, member) }))

function write(seed: number, partition: string, corpus: string, index: number): Share {
  if (!isCorpus(corpus))
    throw new Error(`There is no corpus “${corpus}”. Choose one of: ${corpusNames.join(', ')}, or own.`)
  return shareOf({ corpus, partition: partitionOf(partition), seed, index })
}

const partitionOf = (text: string): Partition => {
  if (text === 'iid' || text === 'by-domain') return { kind: text }
  return { kind: 'dirichlet', alpha: Number(/\(([\d.]+)\)/.exec(text)?.[1] ?? 0.5) }
}

/** One question per device that only its tab can have read the answer to, and an everyday one, which the base answers too. */
export function suggestedPrompts(
  settings: Settings,
  devices: readonly { readonly index: number; readonly name: string; readonly corpus: string | null }[],
): SuggestedPrompt[] {
  const facts = devices.flatMap(({ index, name, corpus }) => {
    if (corpus === null || !isCorpus(corpus) || index < 0) return []
    const probe = shareFor(settings, { corpus, index }).probes.find(({ phrasing }) => phrasing === 'trained')
    return probe ? [{ prompt: probe.prompt, owner: name, answer: probe.answer.trim() }] : []
  })
  return isBase(settings.model) ? [...facts, { prompt: everydayPrompt, owner: null, answer: null }] : facts
}
