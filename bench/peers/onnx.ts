/**
 * Writes a GPT-2 with a key-value cache as an ONNX file: plain operators, as PyTorch's exporter gives them, which ONNX
 * Runtime then fuses as it sees fit. The format is protocol buffers: each field is a tag (number and wire type) and a
 * value, messages are fields that hold fields. Only what this graph needs is written.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 (IR version 9, operator set 20).
 */
import type { TensorMap } from '../../src/model/safetensors'
import { normEpsilon, type Shape } from '../shapes'

type Bytes = readonly Uint8Array[]

const text = new TextEncoder()

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Uint8Array.of(...bytes, Number(rest))
}
const integer = (field: number, value: number): Bytes => [varint(field << 3), varint(value)]
const float = (field: number, value: number): Bytes => [
  varint((field << 3) | 5),
  new Uint8Array(Float32Array.of(value).buffer),
]
const bytes = (field: number, value: Uint8Array): Bytes => [
  varint((field << 3) | 2),
  varint(value.length),
  value,
]
const string = (field: number, value: string): Bytes => bytes(field, text.encode(value))
const message = (field: number, ...fields: readonly Bytes[]): Bytes => {
  const content = fields.flat()
  const length = content.reduce((sum, { length }) => sum + length, 0)
  return [varint((field << 3) | 2), varint(length), ...content]
}

const types = { float: 1, int64: 7 } as const
type Type = keyof typeof types
type Attribute = number | string | readonly number[] | { readonly float: number }

function attribute(name: string, value: Attribute): Bytes {
  if (typeof value === 'number') return message(5, string(1, name), integer(3, value), integer(20, 2))
  if (typeof value === 'string') return message(5, string(1, name), string(4, value), integer(20, 3))
  if ('float' in value) return message(5, string(1, name), float(2, value.float), integer(20, 1))
  return message(5, string(1, name), ...value.map((item) => integer(8, item)), integer(20, 7))
}

/** A tensor that lies in the file (field 5 of the graph). */
const initializer = (name: string, type: Type, shape: readonly number[], raw: Uint8Array): Bytes =>
  message(
    5,
    ...shape.map((side) => integer(1, side)),
    integer(2, types[type]),
    string(8, name),
    bytes(9, raw),
  )

/** What goes in (field 11) or comes out (field 12); sides are numbers or names. */
const port = (field: 11 | 12, name: string, type: Type, shape: readonly (number | string)[]): Bytes => {
  const sides = shape.map((side) => message(1, typeof side === 'number' ? integer(1, side) : string(2, side)))
  return message(
    field,
    string(1, name),
    message(2, message(1, integer(1, types[type]), message(2, ...sides))),
  )
}

/**
 * The whole file, with the names that transformers.js looks for. Inputs: `input_ids` and `position_ids` [1, new], `attention_mask`
 * [1, all], which is there because it is given and means nothing without padding, `past_key_values.L.key` and `.value` [1, head, past, channel].
 * Outputs: `logits` [1, 1, vocabulary] of the last position, `present.L.key` and `.value` [1, head, all, channel]. Who may see
 * whom follows from the positions: column j is seen by a row at position i where j is not beyond i.
 */
export function gpt2Onnx({ layers, heads, width, vocabulary }: Shape, weights: TensorMap): Uint8Array {
  const graph: Bytes[] = []
  let made = 0
  /** One node with one result, or as many as `results` names. */
  const node = (
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    results = [`result${made++}`],
  ): string => {
    const settings = Object.entries(attributes).map(([name, value]) => attribute(name, value))
    const names = [...inputs.map((name) => string(1, name)), ...results.map((name) => string(2, name))]
    graph.push(message(1, ...names, string(3, results[0]), string(4, type), ...settings))
    return results[0]
  }
  const constant = (name: string, values: readonly number[]): string => {
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    graph.push(initializer(name, 'int64', [values.length], raw))
    return name
  }
  const scalar = (name: string, value: number): string => {
    graph.push(initializer(name, 'int64', [], new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)))
    return name
  }
  for (const [name, { shape, data }] of weights) {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    graph.push(initializer(name, 'float', shape, raw))
  }
  const scale = Float32Array.of(1 / Math.sqrt(width / heads))
  graph.push(initializer('scale', 'float', [], new Uint8Array(scale.buffer)))
  graph.push(initializer('seen', 'float', [], new Uint8Array(Float32Array.of(0).buffer)))
  graph.push(initializer('unseen', 'float', [], new Uint8Array(Float32Array.of(-1e9).buffer)))
  const splitHeads = constant('splitHeads', [0, 0, heads, width / heads])
  const joinHeads = constant('joinHeads', [0, 0, width])
  const last = constant('last', [-1])
  const flatRow = constant('flatRow', [1, width])
  const oneRow = constant('oneRow', [1, 1, vocabulary])
  const asColumn = constant('asColumn', [-1, 1])
  const [none, one] = [scalar('none', 0), scalar('one', 1)]
  const pastAxis = constant('pastAxis', [2])

  const norm = (x: string, name: string): string =>
    node('LayerNormalization', [x, `${name}.weight`, `${name}.bias`], {
      axis: -1,
      epsilon: { float: normEpsilon },
    })
  const linear = (x: string, name: string): string =>
    node('Add', [node('MatMul', [x, `${name}.weight`]), `${name}.bias`])
  const byHead = (x: string): string =>
    node('Transpose', [node('Reshape', [x, splitHeads])], { perm: [0, 2, 1, 3] })
  const attention = (qkv: string, block: number): string => {
    const parts = ['q', 'k', 'v'].map((part) => `${part}${block}`)
    node('Split', [qkv], { axis: 2, num_outputs: 3 }, parts)
    const [q, k, v] = parts.map(byHead)
    const keys = node('Concat', [`past_key_values.${block}.key`, k], { axis: 2 }, [`present.${block}.key`])
    const values = node('Concat', [`past_key_values.${block}.value`, v], { axis: 2 }, [
      `present.${block}.value`,
    ])
    const scores = node('MatMul', [q, node('Transpose', [keys], { perm: [0, 1, 3, 2] })])
    const shares = node('Softmax', [node('Add', [node('Mul', [scores, 'scale']), mask])], { axis: -1 })
    const mixed = node('Transpose', [node('MatMul', [shares, values])], { perm: [0, 2, 1, 3] })
    return node('Reshape', [mixed, joinHeads])
  }

  const lengthOf = (name: string, axis: string): string =>
    node('Squeeze', [node('Gather', [node('Shape', [name]), axis])])
  const all = node('Add', [lengthOf('past_key_values.0.key', pastAxis), lengthOf('input_ids', one)])
  const columns = node('Range', [none, all, one])
  const mask = node('Where', [
    node('Greater', [columns, node('Reshape', ['position_ids', asColumn])]),
    'unseen',
    'seen',
  ]) // [new, all]

  const [words, places] = [
    node('Gather', ['wte.weight', 'input_ids']),
    node('Gather', ['wpe.weight', 'position_ids']),
  ]
  let x = node('Add', [words, places])
  for (let block = 0; block < layers; block++) {
    const name = `h.${block}`
    const mixed = attention(linear(norm(x, `${name}.ln_1`), `${name}.attn.c_attn`), block)
    x = node('Add', [x, linear(mixed, `${name}.attn.c_proj`)])
    const inner = linear(norm(x, `${name}.ln_2`), `${name}.mlp.c_fc`)
    const activated = node('Gelu', [inner], { approximate: 'tanh' })
    x = node('Add', [x, linear(activated, `${name}.mlp.c_proj`)])
  }
  const lastRow = node('Reshape', [node('Gather', [norm(x, 'ln_f'), last], { axis: 1 }), flatRow])
  const scores = node('Gemm', [lastRow, 'wte.weight'], { transB: 1 })
  node('Reshape', [scores, oneRow], {}, ['logits'])

  graph.push(port(11, 'input_ids', 'int64', [1, 'new']), port(11, 'position_ids', 'int64', [1, 'new']))
  graph.push(port(11, 'attention_mask', 'int64', [1, 'all']))
  graph.push(port(12, 'logits', 'float', [1, 1, vocabulary]))
  for (const name of cacheNames(layers)) {
    graph.push(port(11, `past_key_values.${name}`, 'float', [1, heads, 'past', width / heads]))
    graph.push(port(12, `present.${name}`, 'float', [1, heads, 'all', width / heads]))
  }
  const model = [
    integer(1, 9),
    message(7, string(2, 'gpt2'), ...graph),
    message(8, string(1, ''), integer(2, 20)),
  ]
  return joined(model.flat())
}

/** `0.key`, `0.value`, `1.key`, … */
export const cacheNames = (layers: number): string[] =>
  Array.from({ length: layers }, (_, block) => [`${block}.key`, `${block}.value`]).flat()

function joined(parts: Bytes): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
