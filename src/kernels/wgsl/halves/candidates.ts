/**
 * Which products in float16 a device may be tried with (autotune.ts): by numbers where it computes with float16, by matrices where
 * it has those of float16 with float32 sums. Browsers hide the latter behind a flag, since their specification is a draft. A plan from
 * here is never a rule: it is chosen where it is faster than all others, and where on this very device, for this very class of product, each number of
 * its output was the plain product's (trial.ts).
 */
import type { Halves, MatrixUnit, ProductPlan, ProductSize, Tile } from '../../kernel'
import { fits, type WorkgroupLimits } from '../tiles'
import { isWhole, matrixWorkgroup } from './matrixProduct'

/** What a device offers. */
export interface OfferedHalves {
  readonly numbers: boolean
  readonly units: readonly MatrixUnit[]
}

export const noHalves: OfferedHalves = { numbers: false, units: [] }

/** Features that shaders of halves need, by the names that WebGPU and Chromium give them. */
export const halfFeatures = ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'] as const

/** Of an adapter, what the draft adds to WebGPU's own. */
interface MatrixInfo {
  readonly subgroupMinSize?: number
  readonly subgroupMaxSize?: number
  readonly subgroupMatrixConfigs?: Iterable<MatrixConfiguration>
}

interface MatrixConfiguration {
  readonly componentType: string
  readonly resultComponentType: string
  readonly M: number
  readonly N: number
  readonly K: number
}

/** @param features those of the device, which may be fewer than the adapter's */
export function offeredHalves(features: Pick<GPUSupportedFeatures, 'has'>, info: MatrixInfo): OfferedHalves {
  const [numbers, subgroups, matrices] = halfFeatures.map((feature) => features.has(feature))
  // Where subgroups vary in size, which invocations are one is not known when the shader is written.
  const { subgroupMinSize: subgroup = 0, subgroupMaxSize, subgroupMatrixConfigs = [] } = info
  if (!numbers || !subgroups || !matrices || subgroup === 0 || subgroup !== subgroupMaxSize)
    return { numbers, units: [] }
  const units = [...subgroupMatrixConfigs]
    .filter(
      ({ componentType, resultComponentType }) => componentType === 'f16' && resultComponentType === 'f32',
    )
    .map(({ M, N, K }): MatrixUnit => ({ rows: M, columns: N, depth: K, subgroup }))
  return { numbers, units }
}

/** For caches: plans that were found without halves are no answer where there are some. */
export const nameOfOffered = ({ numbers, units }: OfferedHalves): string =>
  [
    ...(numbers ? ['float16'] : []),
    ...units.map(
      ({ rows, columns, depth, subgroup }) => `matrices ${rows} x ${columns} x ${depth} of ${subgroup}`,
    ),
  ].join(', ') || 'float32 alone'

/** The likely ones of tiles with 32-bit factors (autotune.ts), as deep again: halves take half the memory. */
const tilesOfNumbers: readonly Tile[] = [
  { rows: 64, columns: 64, depth: 32, rowsEach: 8, columnsEach: 4 },
  { rows: 128, columns: 64, depth: 32, rowsEach: 8, columnsEach: 4 },
  { rows: 64, columns: 128, depth: 32, rowsEach: 4, columnsEach: 8 },
]

/** Blocks of 32 x 32 for each subgroup are whole units of all devices that are known; the last is for outputs with few rows. */
const tilesOfMatrices: readonly Tile[] = [
  { rows: 64, columns: 64, depth: 32, rowsEach: 32, columnsEach: 32 },
  { rows: 128, columns: 64, depth: 32, rowsEach: 32, columnsEach: 32 },
  { rows: 32, columns: 64, depth: 32, rowsEach: 16, columnsEach: 32 },
]

/** @param plan cuts the product into tiles: how many slices each gets */
export function halvedPlans(
  product: ProductSize,
  offered: OfferedHalves,
  limits: WorkgroupLimits,
  plan: (tile: Tile) => ProductPlan,
): ProductPlan[] {
  const all: readonly Halves[] = [
    { kind: 'numbers' },
    ...offered.units.map((unit): Halves => ({ kind: 'matrices', unit })),
  ]
  return all
    .flatMap((halves) =>
      (halves.kind === 'numbers' ? tilesOfNumbers : tilesOfMatrices).map((tile) => ({
        ...plan(tile),
        halves,
      })),
    )
    .filter((one) => isPossible(one, product, offered, limits))
    .filter(({ tile }) => tile.rows < 2 * product.rows && tile.columns < 2 * product.columns)
}

/** Whether a plan, with halves or without, is one that the product may have and the device can hold. */
export function isPossible(
  { tile, halves }: ProductPlan,
  { layout, mayRound = false }: ProductSize,
  offered: OfferedHalves,
  limits: WorkgroupLimits,
): boolean {
  switch (halves?.kind) {
    case undefined:
      return fits(tile, layout, limits)
    case 'numbers':
      return mayRound && offered.numbers && fits(tile, layout, limits, true)
    case 'matrices': {
      const { unit } = halves
      if (!mayRound || !offered.units.some((one) => isSame(one, unit)) || !isWhole(tile, unit)) return false
      const { invocations, bytes } = matrixWorkgroup(tile, layout, unit)
      return invocations <= limits.maxInvocations && bytes <= limits.maxWorkgroupStorageBytes
    }
  }
}

const isSame = (one: MatrixUnit, other: MatrixUnit): boolean =>
  one.rows === other.rows &&
  one.columns === other.columns &&
  one.depth === other.depth &&
  one.subgroup === other.subgroup
