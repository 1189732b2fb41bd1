/** Numbers as they are: four bytes each, little-endian. */
import { CompressionError } from '../types'
import type { ValueCoder } from './coder'

export const float32: ValueCoder = {
  bytesFor: (count) => 4 * count,
  encode: (values) => new Uint8Array(values.slice().buffer),
  decode(bytes) {
    const values = new Float32Array(new Uint8Array(bytes).buffer)
    if (!values.every(Number.isFinite))
      throw new CompressionError(
        'The compressed update holds numbers that are not finite. It was not counted.',
      )
    return values
  },
}
