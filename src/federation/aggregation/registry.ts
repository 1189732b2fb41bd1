/** The aggregation rules by name, each with what it makes of the server's settings. A new one is one line here. */
import type { ServerStep } from './fedavg'

export interface ServerSettings {
  readonly serverRate: number
  readonly serverMomentum: number
}

export type AggregationName = 'fedavg' | 'fedavgm'

export const serverSteps: Readonly<Record<AggregationName, (settings: ServerSettings) => ServerStep>> = {
  fedavg: ({ serverRate }) => ({ rate: serverRate, momentum: 0 }),
  fedavgm: ({ serverRate, serverMomentum }) => ({ rate: serverRate, momentum: serverMomentum }),
}
