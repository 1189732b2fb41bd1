/**
 * How long the server waits for somebody who says nothing. Each wait holds a connection, and a stranger may open many: so
 * every one has an end. Sockets that became WebSockets are pinged instead (`upgrades.ts`).
 */
export interface Patience {
  /** For the first byte of a connection that may be text or TLS, and for the rest of the TLS handshake. */
  readonly firstByteMs: number
  readonly headersMs: number
  /** For a whole request, its body included. */
  readonly requestMs: number
  /** Nothing was read or written. Streams of presence write every 15 s. */
  readonly idleMs: number
  /** A WebSocket that has not answered one ping when the next is due is closed. */
  readonly pingPeriodMs: number
}

export const usualPatience: Patience = {
  firstByteMs: 10_000,
  headersMs: 10_000,
  requestMs: 20_000,
  idleMs: 60_000,
  pingPeriodMs: 20_000,
}
