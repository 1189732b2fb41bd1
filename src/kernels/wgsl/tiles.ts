/**
 * Which tile a matrix product is cut into. Large tiles read less memory per multiplication, but a GPU is idle where a
 * product has too few of them; so a product takes the tile that was found best for the device, unless it is too small for
 * it, and then a smaller one. The order of summation is a tile's own. The smallest tile is never replaced, so who asks
 * for it (`exactTiles`) gets rows that do not depend on how many rows there are: a token's logits are then the same,
 * bit for bit, decoded alone or verified among others.
 */
import type { GpuTraits, ProductLayout, Tile } from '../kernel'

const mediumTile: Tile = { rows: 32, columns: 32, depth: 32, rowsEach: 4, columnsEach: 4 }
const smallestTile: Tile = { rows: 16, columns: 16, depth: 64, rowsEach: 4, columnsEach: 4 }

/** Tiles for results that do not depend on the number of rows, and the best for few rows. */
export const exactTiles: GpuTraits['tiles'] = { NN: smallestTile, NT: smallestTile, TN: smallestTile }

/** Workgroups that keep a small GPU busy. */
const enoughGroups = 64

/** The tile for `layers` products of [rows, columns] in one dispatch. */
export function tileFor(
  { tiles }: GpuTraits,
  layout: ProductLayout,
  rows: number,
  columns: number,
  layers = 1,
): Tile {
  const best = tiles[layout]
  const smaller = [mediumTile, smallestTile].filter((tile) => areaOf(tile) < areaOf(best))
  const suits = (tile: Tile): boolean =>
    tile.rows <= rows &&
    tile.columns <= columns &&
    layers * Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns) >= enoughGroups
  return [best, ...smaller].find(suits) ?? smaller.at(-1) ?? best
}

const areaOf = ({ rows, columns }: Tile): number => rows * columns

/** How a workgroup of this tile is made up. */
export interface Workgroup {
  /** Invocations that together hold the tile's sums once. */
  readonly members: number
  /** Such groups of members: each sums over its share of every slice, and the shares are added at the end. */
  readonly teams: number
  readonly invocations: number
  /** Elements, of 16 bytes, of workgroup memory. */
  readonly elements: number
}

/** A tile with few sums is worked on by several teams, up to this many invocations and so many elements for their sums. */
const busyInvocations = 128
const elementsForSums = 1024

export function workgroupOf(tile: Tile, layout: ProductLayout): Workgroup {
  const members = (tile.rows / tile.rowsEach) * (tile.columns / tile.columnsEach)
  let teams = 1
  const maySplit = (count: number): boolean =>
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

/** Whether a tile is well formed and a workgroup of the device can hold it. */
export function fits(
  tile: Tile,
  layout: ProductLayout,
  limits: Pick<GpuTraits, 'maxWorkgroupStorageBytes' | 'maxInvocations'>,
): boolean {
  const { rows, columns, depth, rowsEach, columnsEach } = tile
  const whole = [depth, rowsEach, columnsEach].every((size) => size % 4 === 0)
  if (!whole || rows % rowsEach !== 0 || columns % columnsEach !== 0) return false
  const { invocations, elements } = workgroupOf(tile, layout)
  return invocations <= limits.maxInvocations && 16 * elements <= limits.maxWorkgroupStorageBytes
}
