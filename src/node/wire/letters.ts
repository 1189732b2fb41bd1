/**
 * What each kind of tab understands, for the network below: kinds of messages, and to which of them an adapter or an update
 * may be attached. Whatever a member sends beside that ends before memory is reserved for it.
 */
import type { z } from 'zod'
import { nothingAttached, type Understood } from '../../network/letters/kinds'
import { limits } from '../../network/letters/reassembler'
import type { Message } from '../../network/network'
import { fromCoordinator, fromDevice } from './messages'
import { fromNeighbour } from './neighbourMessages'

/** Names, shapes and quantization blocks beside the numbers. */
const overheadBytes = 64 * 1024
/** Before the model is loaded nobody knows how large its adapters are. */
const unknownSizeBytes = 64 * 2 ** 20

/** The whole adapter as it was at the beginning, in bytes; null: the model is not loaded yet. */
type AdapterBytes = () => number | null

/** An update is the difference of an adapter of the room's rank at most: as large, whatever the coding, or half more. */
const anUpdate = (adapterBytes: AdapterBytes) => () => {
  const bytes = adapterBytes()
  return bytes === null ? unknownSizeBytes : 2 * bytes + overheadBytes
}

/** A version holds what was folded into it, up to the rank of the base: only the network's own limit is sure. */
const aVersion = () => limits.attachmentBytes

type Schema = { readonly options: readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[] }

const kindsOf = (
  schemas: readonly Schema[],
  attached: Readonly<Record<string, () => number>>,
): Understood => ({
  letters: new Map(
    schemas
      .flatMap(({ options }) => options.map((option) => option.shape.type.value))
      .map((kind) => [kind, attached[kind] ?? nothingAttached]),
  ),
  whispers: new Map(),
})

const allKinds: ReadonlySet<string> = new Set(
  kindsOf([fromCoordinator, fromDevice, fromNeighbour], {}).letters.keys(),
)

/** What to call a message that makes no sense: a made-up kind may be a megabyte long. */
export const kindOf = ({ type }: Message): string => (allKinds.has(type) ? type : 'of an unknown kind')

export const lettersToCoordinator = (adapterBytes: AdapterBytes): Understood =>
  kindsOf([fromDevice], { update: anUpdate(adapterBytes), forward: anUpdate(adapterBytes) })

/** A device may become an edge, and then hears what coordinators do. */
export const lettersToDevice = (adapterBytes: AdapterBytes): Understood =>
  kindsOf([fromCoordinator, fromDevice], {
    ...{ adapter: aVersion, trial: aVersion },
    update: anUpdate(adapterBytes),
  })

/** Neighbours fold nothing into the base: their adapters are as large as one's own. */
export const lettersToNeighbour = (adapterBytes: AdapterBytes): Understood =>
  kindsOf([fromNeighbour], { adapter: anUpdate(adapterBytes) })
