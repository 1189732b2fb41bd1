/** How devices and adapters are called. */

/** A device, stable over reloads of its tab. */
export type DeviceKey = string

/** `global`, `cluster-2`, `edge-<key>` or, where nobody coordinates, `device-<key>`. */
export type AdapterId = string

export interface AdapterName {
  readonly adapter: AdapterId
  /** Counts the merges into this adapter; 0 is the initial one. */
  readonly version: number
}

/** One adapter's part in an average. */
export interface Part extends AdapterName {
  readonly weight: number
}

/** The adapter that an edge makes of its devices' updates between two exchanges with the coordinator. */
export const edgeAdapter = (edge: DeviceKey): AdapterId => `edge-${edge}`

/** The adapter of a node that gossips. */
export const deviceAdapter = (device: DeviceKey): AdapterId => `device-${device}`

export const isOfEdge = (adapter: AdapterId): boolean => adapter.startsWith('edge-')

/** The adapter that all schemes begin with. */
export const globalAdapter: AdapterId = 'global'

/** What a model begins with, before anything was learned: there is one version of it, and nobody merges into it. */
export const initialAdapter: AdapterId = 'initial'
