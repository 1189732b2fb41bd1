import { describe, expect, it } from 'vitest'
import { requireFit, weightBytes } from '../../model/checkpoint/fit'
import { stepPlan } from '../../model/checkpoint/stepPlan'
import { parseConfig } from '../../model/config'
import { wholePart } from '../../model/stretch'
import { placeFor } from './chooseFormat'
import { keepingMachine } from './testing'

const config = parseConfig({
  model_type: 'gpt2',
  vocab_size: 2000,
  n_positions: 64,
  n_embd: 64,
  n_layer: 2,
  n_head: 2,
})
const part = wholePart(config)
const bytesAs = (format: 'float32' | 'float16' | 'int8' | 'nf4') => weightBytes(config, format, part)

async function choose(bytes: number, precision: 'auto' | 'float32' | 'int8') {
  const said: string[] = []
  const machine = keepingMachine({ bytes })
  const wanted = { precision, part, parameters: 1e9 }
  const place = await placeFor(machine, config, wanted, (what) => said.push(what))
  return { format: place.format, said }
}

describe('a GPU that has less memory than it says', () => {
  it('keeps the weights in the next denser format where nobody asked for one, and says so', async () => {
    expect(await choose(bytesAs('float16'), 'auto')).toEqual({ format: 'float16', said: [] })
    const { format, said } = await choose(bytesAs('float16') - 1, 'auto')
    expect(format).toBe('int8')
    expect(said).toEqual([expect.stringMatching(/no room for the model as float16 \(1 MB\).*kept as int8/)])
    expect((await choose(bytesAs('nf4'), 'auto')).format).toBe('nf4')
  })

  it('refuses what was asked for, and names what would take less', async () => {
    await expect(choose(bytesAs('float32') - 1, 'float32')).rejects.toThrow(
      /less memory than it seems.*choose precision=float16 \(\d MB\), precision=int8 \(\d MB\), precision=nf4/,
    )
    await expect(choose(bytesAs('int8') - 1, 'int8')).rejects.toThrow(/choose precision=nf4 \(1 MB\), or use/)
    await expect(choose(1, 'auto')).rejects.toThrow(/less memory than it seems to/)
  })

  it('holds nothing of what found no room', async () => {
    const machine = keepingMachine({ bytes: 1 })
    await expect(
      placeFor(machine, config, { precision: 'int8', part, parameters: 1 }, () => {}),
    ).rejects.toThrow()
    expect(machine.rooms().size).toBe(0)
  })
})

it('a GPU whose buffers are too small for a matrix gets a denser format by itself', async () => {
  const matrix = 4 * 256 * 64
  const room = { kind: 'webgpu', maxBufferBytes: matrix / 3, maxBindingBytes: matrix / 3 } as const
  const said: string[] = []
  const wanted = { precision: 'auto', part, parameters: 1e9 } as const
  const place = await placeFor(keepingMachine({ room }), config, wanted, (what) => said.push(what))
  expect(place.format).toBe('int8')
  expect(said).toHaveLength(1)
  expect(() => requireFit(config, 'float16', room)).toThrow(/Keep its weights as int8/)
})

describe('a training step beside a model in a memory of known size', () => {
  const room = (extra: number) => ({ kind: 'wasm', maxBytes: bytesAs('float32') + extra }) as const
  const step = { rows: 8, time: 64 }
  /** The least memory in which a step goes as a plan says. */
  const least = (kinds: readonly string[]): number => {
    for (let extra = 0; ; extra += 10_000)
      if (kinds.includes(stepPlan(config, room(extra), step).kind)) return extra
  }

  it('goes as asked, with checkpointing, or with fewer rows, as much as fits', () => {
    const whole = least(['as asked'])
    const checkpointed = least(['as asked', 'checkpointing'])
    expect(checkpointed).toBeLessThan(whole)
    const half = stepPlan(config, room(checkpointed / 2), step)
    expect(half).toEqual({ kind: 'fewer rows', rows: expect.any(Number) })
    expect(half.kind === 'fewer rows' && half.rows).toBeGreaterThanOrEqual(3)
    expect(stepPlan(config, room(0), step)).toEqual({ kind: 'fewer rows', rows: 0 })
  })

  it('is planned before anything is read, and said', async () => {
    const said: string[] = []
    const wanted = { precision: 'auto', part, parameters: 1, batch: 64 } as const
    await placeFor(keepingMachine({ room: room(2_000_000) }), config, wanted, (what) => said.push(what))
    expect(said).toEqual([
      expect.stringMatching(/step of 64 rows does not fit beside the model.*Choose batch=\d+/),
    ])
  })
})
