/**
 * Frozen matrices as shaders read them: `readWeight(row, column)` gives four neighbouring columns of a row as numbers,
 * from whichever format the weight is kept in (packing.ts). There is one copy of each weight; products with it and with
 * its transpose differ only in how they walk over it. `column` is a multiple of four. Beyond the last column stand finite
 * numbers of no meaning, which whoever reads them multiplies by zero or does not write.
 */
import { nf4Block, nf4Codes, rowWords } from '../packing'
import { rootOf, type Value, type WeightFormat } from '../program'
import { halfReader } from './halves/halved'
import { dense, matrix, type OperandText, reader } from './matrix'
import { constants, float } from './text'

/** The format that a matrix is kept in: a weight's own, float32 for everything that is computed. */
export function formatOf(value: Value): WeightFormat {
  const { source } = rootOf(value).root
  return source.kind === 'weight' ? source.format : 'float32'
}

/** The declarations of the weight `operand`, packed or not, and its function `readOperand`. */
export function weight(operand: string, value: Value): OperandText {
  const format = formatOf(value)
  if (format === 'float32') return matrix(operand, 'read', { [operand]: dense(value) })

  const columns = value.shape[1]
  const firstRow = rootOf(value).offset / columns
  const stride = rowWords(columns, format)
  const row = firstRow === 0 ? 'row' : `(row + ${firstRow}u)`
  const define = (body: string): string => `
fn ${reader(operand)}(row: u32, column: u32) -> vec4f {
${body}
}
`
  const words = (type: string) => ({ operand, buffer: 'words', access: 'read', type }) as const
  const scales = { operand, buffer: 'scales', access: 'read', type: 'f32' } as const
  switch (format) {
    case 'float16':
      return stride % 2 === 0
        ? {
            declarations: [words('vec2u')],
            functions: define(`  let pair = ${operand}[${row} * ${stride / 2}u + column / 4u];
  return vec4f(unpack2x16float(pair.x), unpack2x16float(pair.y));`),
            halves: {
              declarations: [words('vec4h')],
              functions: `
fn ${halfReader(operand)}(row: u32, column: u32) -> vec4h {
  return ${operand}[${row} * ${stride / 2}u + column / 4u];
}
`,
            },
          }
        : {
            declarations: [words('u32')],
            functions: define(`  let place = ${row} * ${stride}u + column / 2u;
  return vec4f(unpack2x16float(${operand}[place]), unpack2x16float(${operand}[place + 1u]));`),
          }
    case 'int8':
      return {
        declarations: [words('u32'), scales],
        functions: define(`  let word = ${operand}[${row} * ${stride}u + column / 4u];
  let codes = vec4i(vec4u(word) << vec4u(24u, 16u, 8u, 0u)) >> vec4u(24u); // keeps the sign
  return vec4f(codes) * ${operand}Scales[${row}];`),
      }
    case 'nf4':
      return {
        declarations: [words('u32'), scales],
        functions:
          constants({ nf4Codes: `array<f32, 16>(${[...nf4Codes].map(float).join(', ')})` }) +
          define(`  let word = ${operand}[${row} * ${stride}u + column / 8u];
  let codes = (vec4u(word >> (4u * (column % 8u))) >> vec4u(0u, 4u, 8u, 12u)) & vec4u(15u);
  let scale = ${operand}Scales[${row} * ${stride / 8}u + column / ${nf4Block}u];
  return scale * vec4f(nf4Codes[codes.x], nf4Codes[codes.y], nf4Codes[codes.z], nf4Codes[codes.w]);`),
      }
  }
}
