import { describe, expect, it } from 'vitest'
import { machines, relativeError, runOn } from '../machines/testing'
import { expectEverywhere, gaussians, keptAs } from '../products/testing'
import type { ProgramBuilder, WeightFormat } from '../program'
import { embed } from './embed'

const [rows, vocabulary, context] = [5, 11, 7]
const ids = Int32Array.of(3, 0, 10, 3, 7)
const positionIds = Int32Array.of(0, 1, 2, 6, 4)

/** The definition, with tables that are already what their format keeps of them. */
const reference = (width: number, tokens: Float32Array, positions: Float32Array | null) =>
  Float64Array.from({ length: rows * width }, (_, place) => {
    const [row, column] = [Math.floor(place / width), place % width]
    return tokens[ids[row] * width + column] + (positions?.[positionIds[row] * width + column] ?? 0)
  })

describe('embed', () => {
  const formats: readonly WeightFormat[] = ['float32', 'float16', 'int8', 'nf4']
  it.each(formats.flatMap((format) => [5, 68].map((width) => ({ format, width }))))(
    'looks up rows of a $format table of $width channels, with positions and without',
    async ({ format, width }) => {
      const tokens = gaussians(1, vocabulary * width)
      const positions = gaussians(2, context * width)
      const build = (p: ProgramBuilder) => {
        const looked = {
          ids: p.input('ids', [rows], 'int32'),
          positionIds: p.input('positionIds', [rows], 'int32'),
          tokens: p.weight('tokens', [vocabulary, width], format),
        }
        const both = embed(p, { ...looked, positions: p.weight('positions', [context, width]) })
        return { both, alone: embed(p, looked) }
      }
      const kept = keptAs(format, tokens, vocabulary, width)
      await expectEverywhere(
        build,
        { ids, positionIds, tokens, positions },
        { both: reference(width, kept, positions), alone: reference(width, kept, null) },
        1e-6,
      )
    },
  )

  it.each([8, 6])(
    'adds up shards of a table of %i channels where there is a limit to shard for',
    async (width) => {
      const [first, second] = width === 8 ? [8, 3] : [32, 1] // parts begin at multiples of 64 numbers
      const tokens = gaussians(1, (first + second) * width)
      const positions = gaussians(2, context * width)
      const shardIds = Int32Array.of(3, 0, first, first - 1, first + second - 1)
      const build = (p: ProgramBuilder) => {
        const shared = {
          ids: p.input('ids', [rows], 'int32'),
          positionIds: p.input('positionIds', [rows], 'int32'),
        }
        const whole = p.weight('tokens', [first + second, width])
        const shard = p.rows(whole, 0, first)
        const into = embed(p, {
          ...shared,
          tokens: shard,
          positions: p.weight('positions', [context, width]),
        })
        const rest = p.rows(whole, first, first + second)
        return { y: embed(p, { ...shared, tokens: rest, into }, { firstRow: first }) }
      }
      const expected = Float64Array.from({ length: rows * width }, (_, place) => {
        const [row, column] = [Math.floor(place / width), place % width]
        return tokens[shardIds[row] * width + column] + positions[positionIds[row] * width + column]
      })
      for (const [name, machine] of await machines()) {
        const run = runOn(machine, build, { ids: shardIds, positionIds, tokens, positions })
        if (name === 'wasm') await expect(run).rejects.toThrow('build the program with the whole table')
        else expect(relativeError((await run).y, expected), name).toBeLessThan(1e-6)
      }
    },
  )
})
