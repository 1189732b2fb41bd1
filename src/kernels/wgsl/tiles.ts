/**
 * What a tile of a matrix product is to a workgroup: how its sums are dealt out among invocations, and what workgroup
 * memory a slice of both operands takes. Which tile a product gets is decided in plans.ts.
 */
import type { GpuTraits, ProductLayout, Tile } from '../kernel'

/** What a device allows. */
export type WorkgroupLimits = Pick<GpuTraits, 'maxWorkgroupStorageBytes' | 'maxInvocations'>

const areaOf = ({ rows, columns }: Tile): number => rows * columns

/** How a workgroup of this tile is made up. */
export interface Workgroup {
  /** Invocations that together hold the tile's sums once. */
  readonly members: number
  /** Such groups of members: each sums over its share of every slice, and the shares are added at the end. */
  readonly teams: number
  readonly invocations: number
  /** Elements of workgroup memory, of four numbers each. */
  readonly elements: number
}

/** A tile with few sums is worked on by several teams, up to this many invocations and so many elements for their sums. */
const busyInvocations = 128
const elementsForSums = 1024

/** Where factors are halves there is one team: its sums, which are wider, would not fit into their memory. */
export function workgroupOf(tile: Tile, layout: ProductLayout, isHalved = false): Workgroup {
  const members = (tile.rows / tile.rowsEach) * (tile.columns / tile.columnsEach)
  let teams = 1
  const maySplit = (count: number): boolean =>
    !isHalved &&
    count * members <= busyInvocations &&
    (count * areaOf(tile)) / 4 <= elementsForSums &&
    tile.depth % count === 0
  while (maySplit(2 * teams)) teams *= 2
  const invocations = members * teams
  const sums = teams === 1 ? 0 : (teams * areaOf(tile)) / 4
  const { left, right } = stridesOf(tile, layout)
  return { members, teams, invocations, elements: Math.max(tile.depth * (left + right), sums) }
}

/** Elements from one step of the summed axis to the next, padded where they are written across, against bank conflicts. */
export const stridesOf = ({ rows, columns }: Tile, layout: ProductLayout) => ({
  left: rows / 4 + (layout === 'TN' ? 0 : 1),
  right: columns / 4 + (layout === 'NT' ? 1 : 0),
})

/** Whether a tile is well formed and a workgroup of the device can hold it, with factors of 32 bits or of 16. */
export function fits(tile: Tile, layout: ProductLayout, limits: WorkgroupLimits, isHalved = false): boolean {
  const { rows, columns, depth, rowsEach, columnsEach } = tile
  const whole = [depth, rowsEach, columnsEach].every((size) => size % 4 === 0)
  if (!whole || rows % rowsEach !== 0 || columns % columnsEach !== 0) return false
  const { invocations, elements } = workgroupOf(tile, layout, isHalved)
  const bytes = (isHalved ? 8 : 16) * elements
  return invocations <= limits.maxInvocations && bytes <= limits.maxWorkgroupStorageBytes
}
