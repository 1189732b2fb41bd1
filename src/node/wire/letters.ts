/**
 * The languages of a room: what its sides say to each other, and to which of it an adapter or an update may be attached.
 * Whatever a member sends beside that ends before memory is reserved for it.
 */
import { limits } from '../../network/letters/reassembler'
import type { Language } from '../router'
import { type FromCoordinator, type FromDevice, fromCoordinator, fromDevice } from './messages'
import { type FromNeighbour, fromNeighbour } from './neighbourMessages'
import { type FromElector, fromElector } from './successionMessages'

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

export const ofDevices = (adapterBytes: AdapterBytes): Language<FromDevice> => ({
  schema: fromDevice,
  attachedBytes: {
    update: anUpdate(adapterBytes),
    masked: anUpdate(adapterBytes),
    forward: anUpdate(adapterBytes),
  },
})

export const ofTheCoordinator: Language<FromCoordinator> = {
  schema: fromCoordinator,
  attachedBytes: { adapter: aVersion, trial: aVersion, judge: aVersion, estate: aVersion },
}

/** What devices say where this tab may be their edge: edges are nobody's devices. */
export const ofAnEdgesDevices = (adapterBytes: AdapterBytes): Language<FromDevice> => ({
  schema: fromDevice,
  attachedBytes: { update: anUpdate(adapterBytes), masked: anUpdate(adapterBytes) },
})

/** What devices say to each other once they have lost their coordinator. */
export const ofElectors: Language<FromElector> = { schema: fromElector, attachedBytes: {} }

/** Neighbours fold nothing into the base: their adapters are as large as one's own. */
export const ofNeighbours = (adapterBytes: AdapterBytes): Language<FromNeighbour> => ({
  schema: fromNeighbour,
  attachedBytes: { adapter: anUpdate(adapterBytes) },
})
