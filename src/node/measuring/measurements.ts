/**
 * What a round was worth. After each round the coordinator measures the merged adapter on the pool of all devices'
 * held-out text and asks it for every device's facts; the devices report how far each comes alone. A record is published
 * once, when everything is in or a device has taken too long. It speaks of the round it belongs to, however late it is:
 * the next round is not held up by measuring. Where rounds are over faster than this tab can measure them, some are recorded
 * without a held-out loss: what waits holds adapters, in memory and on disk.
 */
import type { DeviceKey } from '../../federation/types'
import type { Clock } from '../../network/time/clock'
import { comparesAlone } from '../../settings/derived/privacy'
import type { Settings } from '../../settings/table'
import type { Compute } from '../../training/compute'
import type { Report } from '../wire/messages'
import { PartMeasurements } from './parts'
import { type CompletedRound, type PartMeasured, type Published, recordOf } from './record'

const reportTimeoutMs = 60_000
/** So many rounds may wait behind one that is measured. */
const mostWaiting = 8

export interface Measurements {
  completed(round: CompletedRound): void
  report(device: DeviceKey, report: Report): void
  left(device: DeviceKey): void
  /** Resolves when every completed round has been published. */
  settled(): Promise<void>
}

export function measureRounds(
  clock: Clock,
  engine: () => Compute,
  settings: () => Settings,
  publish: (published: Published) => void,
  failed: (error: unknown) => void,
): Measurements {
  /** The newest of each device: `round` is that of its order. */
  const reports = new Map<DeviceKey, Report>()
  const awaited = new Map<number, { devices: Set<DeviceKey>; done: () => void }>()
  let queue: Promise<void> = Promise.resolve()
  let waiting = 0
  /** What the last measured round said of the base model. */
  let base: Omit<Published, 'record'> | null = null
  const parts = new PartMeasurements()

  async function measure(round: CompletedRound): Promise<void> {
    waiting--
    const measured = base && waiting > mostWaiting ? null : await partsOf(round)
    if (round.waits) await reportsOf(round)
    const { record, ...ofBase } = recordOf(round, measured, reports)
    if (measured) base = ofBase
    publish({ record, ...(base ?? ofBase) })
    awaited.delete(round.round)
  }

  async function partsOf(round: CompletedRound): Promise<PartMeasured[]> {
    const compute = engine()
    const measured: PartMeasured[] = []
    for (const [at, part] of round.parts.entries())
      measured.push(await parts.measure(compute, settings(), part, at === 0 ? 'pool' : `pool ${at}`))
    return measured
  }

  /** Waits until every contributor that is still here has reported, but not for ever. */
  function reportsOf(round: CompletedRound): Promise<void> {
    const missing = awaited.get(round.round)?.devices ?? new Set()
    if (missing.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = clock.after(reportTimeoutMs, resolve)
      const done = () => {
        cancel()
        resolve()
      }
      awaited.set(round.round, { devices: missing, done })
    })
  }

  const settle = (round: number, device: DeviceKey) => {
    const waiting = awaited.get(round)
    if (waiting?.devices.delete(device) && waiting.devices.size === 0) waiting.done()
  }

  return {
    completed(round) {
      const isMissing = (key: DeviceKey) => reports.get(key)?.round !== round.round
      const devices =
        comparesAlone(settings()) && round.waits ? [...round.trained.keys()].filter(isMissing) : []
      awaited.set(round.round, { devices: new Set(devices), done: () => {} })
      waiting++
      queue = queue.then(() => measure(round)).catch(failed)
    },
    report(device, report) {
      reports.set(device, report)
      settle(report.round, device)
    },
    left(device) {
      reports.delete(device)
      for (const round of awaited.keys()) settle(round, device)
    },
    settled: () => queue,
  }
}
