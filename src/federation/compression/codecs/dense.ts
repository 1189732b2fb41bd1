/** Every number is sent: as it is (`none`) or as a small integer (`int8`, `int4`). No memory: rounding is unbiased. */
import { random } from '../../../lib/rng'
import { type Codec, CompressionError } from '../types'
import type { ValueCoder } from '../values/coder'
import { countOf, tensorsOf, vectorOf } from '../vector'

export const dense = (name: string, values: ValueCoder): Codec => ({
  name,
  sendsAll: true,
  encode(tensors, memory, seed) {
    return { bytes: values.encode(vectorOf(tensors), random(seed, name)), memory }
  },
  decode(bytes, expected) {
    const count = countOf(expected)
    if (bytes.length !== values.bytesFor(count))
      throw new CompressionError(
        `${count} numbers as ${name} take ${values.bytesFor(count)} bytes, and ${bytes.length} arrived: the sender uses other settings.`,
      )
    return tensorsOf(values.decode(bytes, count), expected)
  },
})
