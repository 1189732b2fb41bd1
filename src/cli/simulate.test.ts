import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

/** The command line as somebody types it; the last line of stdout. */
async function simulate(...flags: string[]): Promise<Record<string, unknown>> {
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'simulate', ...flags]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1e8 })
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

const small = ['--corpus', 'facts', '--devices', '3', '--rounds', '2', '--local-steps', '5', '--batch', '8']

describe('simulate', () => {
  it('says what came of it, and the same again whatever the number of threads', async () => {
    const [one, two] = await Promise.all([
      simulate(...small, '--baselines', '--threads', '0'),
      simulate(...small, '--baselines', '--threads', '2'),
    ])
    expect(two).toEqual(one)
    expect(one).toMatchObject({
      scheme: 'synchronous',
      aggregation: 'fedavgm',
      devices: 3,
      rounds: 2,
      seed: 0,
    })
    expect(one).toMatchObject({ corpus: 'facts', clusters: null, bytes: { lan: 0 } })
    const { base, alone, merged, centralised } = one.loss as Record<string, number>
    for (const loss of [alone, merged, centralised]) expect(loss).toBeLessThan(base)
    const history = one.history as {
      round: number
      version: number
      seconds: number
      bytes: number
      loss: number
    }[]
    expect(history.map(({ round, version }) => [round, version])).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(history[1].loss).toBe(merged)
    expect(history[1].seconds).toBeGreaterThan(history[0].seconds)
  }, 120_000)

  it('trains on with what exact aggregations have folded into the base, at the rank that each device was given', async () => {
    const ranks = ['--rank', '4', '--ranks', '4,2']
    const exact = await simulate(...small, '--aggregation', 'flora', ...ranks, '--threads', '0')
    const { base, merged } = exact.loss as Record<string, number>
    expect(merged).toBeLessThan(base)
    expect(exact.allocation).toMatchObject([{ rank: 4 }, { rank: 2 }, { rank: 4 }])
  }, 120_000)

  it.each<[string, string[]]>([
    [
      '--rank means nothing with --model quadratic, which has its own (rank 2',
      ['--model', 'quadratic', '--rank', '4'],
    ],
    [
      '--ranks does not fit --model quadratic, whose rank is always 2',
      ['--model', 'quadratic', '--ranks', '4,2'],
    ],
    ['“fedavgm” needs rank 8 on every device', ['--ranks', '4,2']],
    ['--buffer-size means nothing beside the rest: the scheme is “synchronous”', ['--buffer-size', '3']],
    ['--threads must be 256 or less, not 100000', ['--threads', '100000']],
    ['no layers named "q_proj"', ['--targets', 'q_proj']],
  ])('refuses before it begins: %s', async (words, flags) => {
    await expect(simulate(...flags)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    })
  })

  it('takes the aggregation that goes with another scheme than the preset’s', async () => {
    const flags = ['--model', 'quadratic', '--devices', '3', '--rounds', '1']
    expect(await simulate(...flags, '--scheme', 'gossip')).toMatchObject({ aggregation: 'decaf' })
    expect(await simulate(...flags, '--scheme', 'hierarchical')).toMatchObject({ aggregation: 'fedavgm' })
  })

  it('takes flags that repeat what stands there anyway', async () => {
    const flags = ['--model', 'quadratic', '--devices', '3', '--rounds', '1', '--rank', '8']
    expect(await simulate(...flags)).toMatchObject({ devices: 3, rounds: 1 })
  })

  it('says what is wrong with a flag', async () => {
    await expect(simulate('--preset', 'nope')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('four-villages'),
    })
    await expect(simulate('--buffer-size', 'half')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--buffer-size must be auto, or a whole number from 1'),
    })
  })
})
