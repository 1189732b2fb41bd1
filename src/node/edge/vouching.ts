/**
 * What an edge shows its devices beside its word, because its word alone counts for nothing: the coordinator's signature of a
 * version that it passes on, and the warrant of the round that it runs, by which it orders and hands out versions of its own.
 * It signs nothing itself: who it is, its devices know from the connection.
 */
import type { ForeignVersion } from '../merging/merging'
import type { EdgeOrderMessage, FromCoordinator, ToDevice } from '../wire/messages'
import type { Warrant } from '../wire/parts'
import type { FromWhoMerges } from '../wire/secureMessages'
import { termsOf } from '../wire/signed'

/** What an edge may say in the coordinator's place. */
type Kind = 'adapter' | 'order' | 'refused' | FromWhoMerges['type']
export type FromEdge = FromCoordinator & { readonly type: Kind }
export type BareFromEdge = ToDevice & { readonly type: Kind }

export interface Vouching {
  /** A version of the coordinator's is here; null: it came without a signature. */
  adopted(version: Named, signature: string | null): void
  /** This round is run from now on. */
  ordered(order: EdgeOrderMessage): void
  vouched(message: BareFromEdge): FromEdge
}

type Named = Pick<ForeignVersion, 'adapter' | 'version' | 'hash'>
const placeOf = ({ adapter, version, hash }: Named): string => `${adapter} ${version} ${hash}`

/** Versions whose signatures are kept: those that may still be sent. */
const mostKept = 4

export function vouchingOf(self: string): Vouching {
  const signatures = new Map<string, string>()
  let warrant: Warrant | null = null
  return {
    adopted(version, signature) {
      if (signature === null) return
      signatures.set(placeOf(version), signature)
      const [oldest] = signatures.keys()
      if (signatures.size > mostKept) signatures.delete(oldest)
    },
    ordered(order) {
      warrant = { ...termsOf(self, order), signature: order.warrant }
    },
    vouched(message) {
      switch (message.type) {
        case 'adapter':
          return { ...message, signature: signatures.get(placeOf(message)) ?? null, warrant }
        case 'order':
          return { ...message, signature: null, warrant }
        case 'refused':
        case 'secure-begin':
        case 'secure-list':
        case 'secure-shares':
        case 'secure-unmask':
          return message
      }
    },
  }
}
