/**
 * The coordinator's hand under what it says (`wire/signed.ts`). One version goes to many devices, and so does one order: what
 * was signed lately is not signed again.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Identity } from '../../network/identity/identity'
import { canonicalCode } from '../../network/ids'
import type { RoomKeys } from '../../network/network'
import type { FromCoordinator, ToDevice } from '../wire/messages'
import { letterText, termsOf, versionText, warrantText } from '../wire/signed'

/** @param to whom it is for */
export type Notary = (to: string, message: ToDevice) => Promise<FromCoordinator>

/** Texts that are still known with their signatures. */
const mostKnown = 16

export function notaryOf(identity: Identity, { code: typed, signingKey }: RoomKeys): Notary {
  const code = canonicalCode(typed)
  const known = new Map<string, Promise<string>>()
  function sign(text: string): Promise<string> {
    const signature = known.get(text) ?? identity.sign(signingKey, text).then(bytesToHex)
    known.delete(text)
    known.set(text, signature)
    const [oldest] = known.keys()
    if (known.size > mostKnown) known.delete(oldest)
    return signature
  }
  return async (to, message) => {
    switch (message.type) {
      case 'adapter':
        return { ...message, signature: await sign(versionText(code, message)), warrant: null }
      case 'order': {
        const order = { ...message, warrant: null }
        return { ...order, signature: await sign(letterText(code, order)) }
      }
      case 'edge-order': {
        const order = { ...message, warrant: await sign(warrantText(code, termsOf(to, message))) }
        return { ...order, signature: await sign(letterText(code, order)) }
      }
      case 'attach':
      case 'edge-devices':
      case 'digest':
      case 'shut-out':
      case 'estate':
        return { ...message, signature: await sign(letterText(code, message)) }
      // Signed as it was made.
      case 'will':
      case 'lineage':
      case 'welcome':
      case 'history':
      case 'trial':
      case 'judge':
      case 'forgotten':
      case 'refused':
      case 'record':
      case 'secure-begin':
      case 'secure-list':
      case 'secure-shares':
      case 'secure-unmask':
        return message
    }
  }
}
