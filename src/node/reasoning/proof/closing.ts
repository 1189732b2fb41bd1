/**
 * To close a tab in mid-sentence and have it back: the coordinator asks it to, it falls silent, says that it closes, and opens again
 * by itself. Its page is gone then, with all that lay in its memory, as if a person had reloaded it; what it has learned and its text lie in its
 * browser, so it comes back as it was. A tab whose browser keeps nothing says that it stays. From anybody but a coordinator the word
 * makes no sense.
 */
import { z } from 'zod'
import type { Network } from '../../../network/network'
import type { Clock } from '../../../network/time/clock'
import type { Language, Router, Verdict } from '../../router'

const closing = z.discriminatedUnion('type', [
  z.object({ type: z.literal('proof-close') }),
  z.object({ type: z.literal('proof-closing'), closes: z.boolean() }),
])
const language: Language<z.output<typeof closing>> = { schema: closing, attachedBytes: {} }

/** For so long a tab may be busy before it hears. */
const patienceMs = 5000

export interface ClosingParts {
  readonly network: Network
  readonly clock: Clock
  /** Whether what this tab holds outlives its page. */
  readonly keeps: boolean
  /** Says nothing more to whoever reasons with this tab. */
  fallSilent(): void
  reopen(): void
}

/** Closes a tab; false: it stays. */
export type CloseTab = (peer: string) => Promise<boolean>

/** Says what is understood; to be called before the tab enters its room. */
export function listenForClosing(router: Router): (parts: ClosingParts) => CloseTab {
  const ear = router.understand(language)
  return ({ network, clock, keeps, fallSilent, reopen }) => {
    const awaited = new Map<string, (closes: boolean) => void>()

    async function close(from: string): Promise<void> {
      if (keeps) fallSilent()
      await network.send(from, { type: 'proof-closing', closes: keeps }).catch(() => {})
      if (keeps) reopen()
    }

    ear.hear(
      ({ id }, said) => {
        if (said.type === 'proof-close') void close(id)
        else awaited.get(id)?.(said.closes)
      },
      ({ id, role }, kind): Verdict => {
        if (kind === 'proof-close') return role === 'coordinator' ? 'heard' : 'nonsense'
        return awaited.has(id) ? 'heard' : 'ignored'
      },
    )
    network.on('leave', ({ id }) => awaited.get(id)?.(true))

    return (peer) =>
      new Promise((resolve) => {
        const settle = (closes: boolean) => {
          cancel()
          awaited.delete(peer)
          resolve(closes)
        }
        const cancel = clock.after(patienceMs, () => settle(false))
        awaited.set(peer, settle)
        network.send(peer, { type: 'proof-close' }).catch(() => settle(!network.peers.has(peer)))
      })
  }
}
