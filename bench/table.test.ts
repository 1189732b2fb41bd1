import { expect, test } from 'vitest'
import { aligned } from './columns'
import { isSound, type PeerReport, type Report } from './compare'
import { planOf } from './plan'
import { adapter } from './shapes'
import { tableOf } from './table'

const peer = (name: PeerReport['peer'], median: number, agrees = true): PeerReport => ({
  peer: name,
  device: `${name} here`,
  note: '',
  timesMs: { median, iqr: 1, least: median - 1 },
  toFirstMs: null,
  perSecond: 1000 / median,
  prepareMs: 5,
  firstMs: 90,
  counts: { dispatches: 0, submits: 0, buffers: 0, bufferBytes: 0, pipelines: 0, maps: 0 },
  gpuPeakBytes: 0,
  wasmBytes: 2e6,
  agrees,
  agreement: { kind: 'training', firstLoss: 6.4, reference: 6.4, laterDifference: 0, fall: 0.1 },
  runs: [],
})

const report = (peers: readonly PeerReport[], failures: Report['failures'] = []): Report => ({
  plan: planOf(['--quick']),
  machine: 'Chromium 1',
  cores: 2,
  load: [0.5, 1.5],
  date: '2030-01-02T03:04:05Z',
  adapter,
  peers,
  failures,
})

test('columns line up, names to the left and figures to the right', () => {
  const [heads, figures] = aligned([
    ['peer', 'ms'],
    ['a', '12.5'],
  ])
  expect(heads).toBe('peer    ms')
  expect(figures).toBe('a     12.5')
})

test('each peer has a line with its time, tokens per second and the ratio to stock', () => {
  const table = tableOf(report([peer('gossamer', 20), peer('stock', 80)]))
  expect(table).toMatch(/^gossamer +20\.0 +1\.00 +19\.0 +6400 +\S+ +4\.00 /m)
  expect(table).toMatch(/^stock +80\.0 +1\.00 +79\.0 +1600 +\S+ +1\.00 /m)
  expect(table).toContain('rank 8 on c_attn')
})

test('a peer that disagrees or fails is named, and the report is not sound', () => {
  const wrong = report([peer('stock', 80, false)], [{ peer: 'jax', problem: 'no adapter\n at line 1' }])
  expect(tableOf(wrong)).toContain('stock DISAGREES with the reference')
  expect(tableOf(wrong)).toContain('jax FAILED: no adapter')
  expect(isSound(wrong)).toBe(false)
  expect(isSound(report([peer('stock', 80)]))).toBe(true)
})
