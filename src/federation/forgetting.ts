/**
 * What a federation remembers of a device beside its place among the members, taken out again when the place goes to
 * somebody else (`members.ts`): all that grows with every key that ever came must shrink with those that are forgotten.
 */
import type { DeviceKey } from './names'
import type { Progress } from './progress'
import type { FederationConfig } from './types'

export function withoutDevice(progress: Progress, key: DeviceKey): Progress {
  switch (progress.kind) {
    case 'synchronous':
      return progress
    case 'clustered':
      return { ...progress, assignment: without(progress.assignment, key) }
    case 'hierarchical':
      return { ...progress, attachments: without(progress.attachments, key) }
    case 'asynchronous':
      return {
        ...progress,
        lastOrder: without(progress.lastOrder, key),
        secondsPerStep: without(progress.secondsPerStep, key),
      }
    // What was taken of a neighbour's shares stays: no share may count twice.
    case 'gossip':
      return progress
  }
}

export function withoutOverride(config: FederationConfig, key: DeviceKey): FederationConfig {
  const { allocation } = config
  if (!allocation || !(key in allocation.overrides)) return config
  return { ...config, allocation: { ...allocation, overrides: without(allocation.overrides, key) } }
}

const without = <Value>(
  record: Readonly<Record<DeviceKey, Value>>,
  key: DeviceKey,
): Readonly<Record<DeviceKey, Value>> =>
  key in record ? Object.fromEntries(Object.entries(record).filter(([other]) => other !== key)) : record
