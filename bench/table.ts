/** The report as a table for people: one line per peer, best time marked, and below it what the figures rest on. */

import { aligned } from './columns'
import { lossTolerance, operationsPerSecond, type PeerReport, type Report } from './compare'
import { profileTable } from './profileTable'
import { adam, generation, promptLength } from './shapes'

export function tableOf(report: Report): string {
  const { plan, machine, cores, peers } = report
  const title =
    plan.kind === 'training'
      ? `LoRA training step, ${shapeWords(report)}`
      : `Greedy generation, ${shapeWords(report)}, ${promptLength(plan.shape)} prompt tokens, ${generation.tokens} new`
  const load = report.load.map((value) => value.toFixed(1)).join(' to ')
  const lines = [
    title,
    `${machine}, ${cores} cores, load ${load}, backend ${plan.backend}${plan.round[0].phone ? ', limits of a phone' : ''}, ${report.date.slice(0, 10)}`,
    '',
  ]
  const table = plan.kind === 'training' ? trainingTable(report) : generationTable(report)
  for (const line of [...table, '']) lines.push(line)
  for (const { peer, device, note } of peers) lines.push(`${peer}: ${device}${note && `; ${note}`}`)
  if (plan.kind === 'training')
    lines.push(
      `Same weights, tokens and first adapter (rank ${report.adapter.rank} on ${plan.targets.join(', ')}); ` +
        `Adam lr ${adam.learningRate}, betas ${adam.beta1} and ${adam.beta2}, eps ${adam.epsilon}, float32.`,
      `${plan.round[0].runAhead ? 'Each loss is read while the next step is under way.' : 'Each step ends with its loss read.'} ${plan.rounds} rounds, peers in turn, a fresh browser or process each; ` +
        `${plan.round[0].warmUp} warm-up and ${plan.round[0].steps} timed steps a run.`,
      'loss-ref: first loss minus the float64 reference; later: largest difference of any loss to the first peer’s; ' +
        'fall: how much the first batch’s loss fell.',
    )
  for (const { peer, runs } of peers) {
    const profile = runs.flatMap((run) => run.profile)
    const steps = runs.length * plan.round[0].steps
    if (profile.length > 0) lines.push('', `${peer}:`, profileTable(profile, steps))
  }
  for (const { peer, problem } of report.failures) lines.push(`${peer} FAILED: ${problem.split('\n')[0]}`)
  const wrong = peers.filter(({ agrees }) => !agrees)
  for (const { peer } of wrong)
    lines.push(`${peer} DISAGREES with the reference (tolerance ${lossTolerance}): its times mean nothing.`)
  return lines.join('\n')
}

const shapeWords = ({ plan: { shape, kind } }: Report): string => {
  const { name, layers, width, heads, time, batch, vocabulary, qwen3 } = shape
  const sides = kind === 'training' ? `, ${batch} x ${time} tokens` : ''
  return `${name}${qwen3 ? ', a Qwen3' : ''}: ${layers} layers, width ${width}, ${heads} heads, vocabulary ${vocabulary}${sides}`
}

function trainingTable(report: Report): string[] {
  const { shape, backend } = report.plan
  const tokens = shape.batch * shape.time
  const heads = ['peer', 'ms/step', 'IQR', 'min', 'tokens/s', 'GFLOP/s', 'x stock', 'first ms']
  const agreement = ['loss-ref', 'later', 'fall']
  const rows = report.peers.map((peer) => {
    const details = peer.agreement.kind === 'training' ? peer.agreement : null
    return [
      ...timeCells(peer),
      (tokens * peer.perSecond).toFixed(0),
      (operationsPerSecond(report, peer) / 1e9).toFixed(1),
      ratioToStock(report, peer),
      peer.firstMs.toFixed(0),
      ...countCells(report, peer),
      (details!.firstLoss - details!.reference).toExponential(1),
      details!.laterDifference === null ? '-' : details!.laterDifference.toExponential(1),
      details!.fall.toFixed(4),
    ]
  })
  return aligned([[...heads, ...countHeads(backend), ...agreement], ...rows])
}

function generationTable(report: Report): string[] {
  const heads = ['peer', 'ms/token', 'IQR', 'min', 'tokens/s', 'x stock', 'to first ms', 'first text ms']
  const rows = report.peers.map((peer) => {
    const details = peer.agreement.kind === 'generation' ? peer.agreement : null
    return [
      ...timeCells(peer),
      peer.perSecond.toFixed(1),
      ratioToStock(report, peer),
      milliseconds(peer.toFirstMs!.median),
      peer.firstMs.toFixed(0),
      ...countCells(report, peer),
      details!.firstId === details!.reference ? 'yes' : 'NO',
      `${details!.equalIds} of ${generation.tokens}`,
    ]
  })
  return aligned([
    [...heads, ...countHeads(report.plan.backend), 'first id = reference', 'ids = first peer’s'],
    ...rows,
  ])
}

const timeCells = ({ peer, timesMs: { median, iqr, least } }: PeerReport): string[] => [
  peer,
  milliseconds(median),
  milliseconds(iqr),
  milliseconds(least),
]

const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1)

function ratioToStock({ peers }: Report, { timesMs }: PeerReport): string {
  const stock = peers.find(({ peer }) => peer === 'stock')
  return stock ? (stock.timesMs.median / timesMs.median).toFixed(2) : '-'
}

const countHeads = (backend: string): string[] =>
  backend === 'wasm' ? ['heap MB'] : ['dispatches', 'submits', 'new buffers', 'reads', 'peak MB']

const countCells = ({ plan }: Report, { counts, gpuPeakBytes, wasmBytes }: PeerReport): string[] =>
  plan.backend === 'wasm'
    ? [megabytes(wasmBytes)]
    : [
        ...[counts.dispatches, counts.submits, counts.buffers, counts.maps].map((count) =>
          String(round(count)),
        ),
        megabytes(gpuPeakBytes),
      ]

const megabytes = (bytes: number): string => (bytes === 0 ? '-' : (bytes / 1e6).toFixed(1))
const round = (value: number): number => Math.round(10 * value) / 10
