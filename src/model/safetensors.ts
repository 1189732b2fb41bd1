/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, raw little-endian data. Everything that
 * is written is canonical: names sorted, no gaps, header padded with spaces to a multiple of 8, so that equal tensors
 * give equal bytes. Everything that is read is checked before anything is allocated: a hostile header costs nothing.
 */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export type TensorMap = ReadonlyMap<string, Tensor>
