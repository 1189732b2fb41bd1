/**
 * The fastest plans for the matrix products of the model at hand on this GPU, found by trying (trial.ts). GPUs differ too
 * much for a rule: more sums per invocation win on one and lose on another, and what is best for a wide output is not for
 * a narrow one with long sums. Products are told apart by class: layout, and each side to the nearest power of two.
 * Trying begins nothing new after two seconds; whatever is not reached keeps the rule's plan (plans.ts). A plan whose
 * results are wrong is never chosen.
 *
 * What is found is kept, by device, browser and revision of the shaders, in whatever store the caller has.
 */
import { z } from 'zod'
import type { ProductPlan, ProductSize, Tile } from '../kernel'
import { halvedPlans, isPossible, nameOfOffered, type OfferedHalves } from './halves/candidates'
import { mediumTile, type Planner, plannerByRule, planWith, smallestTile, usualTile } from './plans'
import { fits, type WorkgroupLimits } from './tiles'
import { openTrial } from './trial'

/** To be raised with every change of the shaders that may change which plan is best. */
const revision = 3

/** Those that won on large GPUs: tried for every class before any other. */
const likelyTiles: readonly Tile[] = [
  { rows: 64, columns: 64, depth: 16, rowsEach: 8, columnsEach: 4 },
  { rows: 128, columns: 64, depth: 16, rowsEach: 8, columnsEach: 4 },
  { rows: 64, columns: 128, depth: 16, rowsEach: 4, columnsEach: 8 },
]
const otherTiles: readonly Tile[] = [
  usualTile,
  { rows: 128, columns: 64, depth: 8, rowsEach: 8, columnsEach: 8 },
  { rows: 64, columns: 64, depth: 16, rowsEach: 8, columnsEach: 8 },
  { rows: 128, columns: 128, depth: 16, rowsEach: 8, columnsEach: 4 },
  { rows: 32, columns: 64, depth: 32, rowsEach: 4, columnsEach: 4 },
  mediumTile,
]

/** Workgroups that a plan with slices may aim at: first this many, then these. */
const usualGroups = 512
const groupCounts = [1, 256, usualGroups, 1024]
const shortestSlice = 128

/** Where found plans are kept between visits. */
export interface PlanStore {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
}

const side = z.number().int().positive().multipleOf(4)
const planSchema = z.object({
  tile: z.object({ rows: side, columns: side, depth: side, rowsEach: side, columnsEach: side }),
  slices: z.number().int().positive(),
  halves: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('numbers') }),
      z.object({
        kind: z.literal('matrices'),
        unit: z.object({ rows: side, columns: side, depth: side, subgroup: side }),
      }),
    ])
    .optional(),
})
const plansSchema = z.record(z.string(), planSchema)

/** A planner that tries on this device, for about `tryingMs` whenever a program brings unknown classes. */
export function tuningPlanner(
  device: GPUDevice,
  name: string,
  offered: OfferedHalves,
  store: PlanStore,
  tryingMs = 2000,
): Planner {
  const key = `products of ${name}, ${nameOfOffered(offered)}, browser ${browserVersion()}, revision ${revision}`
  const limits = limitsOf(device)
  let found: Promise<Map<string, ProductPlan>> | null = null
  let known: ReadonlyMap<string, ProductPlan> = new Map()
  return {
    planFor(product) {
      const plan = known.get(classOf(product))
      return plan && isPossible(plan, product, offered, limits) ? plan : plannerByRule.planFor(product)
    },
    async prepare(products) {
      found ??= store.get(key).then(parsedPlans)
      const plans = await found
      const missing = classesOf(products).filter(({ name }) => !plans.has(name))
      if (missing.length > 0) {
        await findPlans({ device, offered, limits }, missing, plans, performance.now() + tryingMs)
        await store.set(key, JSON.stringify(Object.fromEntries(plans)))
      }
      known = plans
    },
  }
}

function parsedPlans(text: string | null): Map<string, ProductPlan> {
  try {
    return new Map(Object.entries(plansSchema.parse(JSON.parse(text ?? '{}'))))
  } catch {
    return new Map() // of another version, or damaged: found again
  }
}

const classOf = ({ layout, rows, columns, depth, layers, mayRound }: ProductSize): string =>
  [
    layout,
    ...[rows, columns, depth].map((size) => 2 ** Math.round(Math.log2(size))),
    layers,
    ...(mayRound ? ['rounded'] : []),
  ].join(' ')

interface ProductClass {
  readonly name: string
  /** The first that was met. */
  readonly product: ProductSize
  /** Multiplications of all its products together. */
  work: number
}

/** The classes of some products, those with most work first. */
function classesOf(products: readonly ProductSize[]): ProductClass[] {
  const classes = new Map<string, ProductClass>()
  for (const product of products) {
    const name = classOf(product)
    const { rows, columns, depth, layers } = product
    const one = classes.get(name) ?? { name, product, work: 0 }
    one.work += rows * columns * depth * layers
    classes.set(name, one)
  }
  return [...classes.values()].sort((one, other) => other.work - one.work)
}

/** A device, and what it can be tried with. */
interface Tried {
  readonly device: GPUDevice
  readonly offered: OfferedHalves
  readonly limits: WorkgroupLimits
}

/**
 * Adds the fastest plan of each class. All classes get the likely plans tried before any gets more; those that time does
 * not suffice for are tried when a program asks again.
 */
async function findPlans(
  tried: Tried,
  classes: readonly ProductClass[],
  plans: Map<string, ProductPlan>,
  deadlineMs: number,
): Promise<void> {
  for (const attempt of [likelyPlans, furtherPlans])
    for (const { name, product } of classes) {
      if (performance.now() > deadlineMs) return
      const candidates = attempt(product, plans.get(name) ?? plannerByRule.planFor(product), tried)
      const fastest = await fastestOf(tried.device, product, candidates)
      if (fastest) plans.set(name, fastest)
    }
}

/** What the rule says, the likely tiles, and those of halves. */
const likelyPlans = (product: ProductSize, ruled: ProductPlan, { offered, limits }: Tried): ProductPlan[] => [
  ruled,
  ...tilesFor(likelyTiles, product, limits).map((tile) =>
    planWith(tile, product, usualGroups, shortestSlice),
  ),
  ...halvedPlans(product, offered, limits, (tile) => planWith(tile, product, usualGroups, shortestSlice)),
  ...(ruled.tile === smallestTile ? [planWith(smallestTile, product, usualGroups, shortestSlice)] : []),
]

/** The best so far, with other slices, and the other tiles. */
const furtherPlans = (product: ProductSize, best: ProductPlan, { limits }: Tried): ProductPlan[] => {
  const slices = groupCounts.map((groups) => planWith(best.tile, product, groups, shortestSlice).slices)
  const others = [...new Set(slices)].filter((count) => count !== best.slices)
  return [
    best,
    ...others.map((count) => ({ ...best, slices: count })),
    ...tilesFor(otherTiles, product, limits).map((tile) =>
      planWith(tile, product, usualGroups, shortestSlice),
    ),
  ]
}

/** Null where none is right. */
async function fastestOf(
  device: GPUDevice,
  product: ProductSize,
  candidates: readonly ProductPlan[],
): Promise<ProductPlan | null> {
  const trial = openTrial(device, product)
  const durations = await trial.durationsMs(candidates)
  await trial.dispose()
  let fastest: number | null = null
  durations.forEach((durationMs, index) => {
    if (durationMs !== null && (fastest === null || durationMs < durations[fastest]!)) fastest = index
  })
  return fastest === null ? null : candidates[fastest]
}

/** Tiles that a workgroup can hold and that are not mostly beside the output. */
const tilesFor = (
  tiles: readonly Tile[],
  { layout, rows, columns }: ProductSize,
  limits: WorkgroupLimits,
): Tile[] =>
  tiles.filter((tile) => fits(tile, layout, limits) && tile.rows < 2 * rows && tile.columns < 2 * columns)

const limitsOf = ({ limits }: GPUDevice): WorkgroupLimits => ({
  maxWorkgroupStorageBytes: limits.maxComputeWorkgroupStorageSize,
  maxInvocations: limits.maxComputeInvocationsPerWorkgroup,
})

/** "Chrome/140" and the like; what stands for the shader compiler. */
const browserVersion = (): string =>
  /(?:Firefox|Chrome|Version)\/\d+/.exec(globalThis.navigator?.userAgent ?? '')?.[0] ?? 'unknown'
