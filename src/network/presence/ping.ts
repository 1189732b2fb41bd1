/** A ping carries its sender's clock and comes back unchanged: eight bytes, milliseconds as a float. */
export function pingPayload(nowMs: number): Uint8Array {
  const payload = new Uint8Array(8)
  new DataView(payload.buffer).setFloat64(0, nowMs, true)
  return payload
}

export const readPing = (payload: Uint8Array): number =>
  payload.length === 8 ? new DataView(payload.buffer, payload.byteOffset, 8).getFloat64(0, true) : Number.NaN
