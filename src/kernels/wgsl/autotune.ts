/**
 * The fastest plans for the matrix products of the model at hand on this GPU, found by trying (trial.ts). GPUs differ too
 * much for a rule: more sums per invocation win on one and lose on another, and what is best for a wide output is not for
 * a narrow one with long sums. Products are told apart by class: layout, and each side to the nearest power of two.
 * Trying takes two seconds at most, dealt out among the classes by how much work they are; whatever is not reached keeps
 * the rule's plan (plans.ts). A plan whose results are wrong is never chosen.
 *
 * What is found is kept, by device, browser and revision of the shaders, in whatever store the caller has.
 */
import { z } from 'zod'
import type { ProductPlan, ProductSize, Tile } from '../kernel'
import { mediumTile, type Planner, plannerByRule, planWith, smallestTile, usualTile } from './plans'
import { fits, type WorkgroupLimits } from './tiles'
import { openTrial } from './trial'

/** To be raised with every change of the shaders that may change which plan is best. */
const revision = 2

/** Most likely winners first. */
const candidateTiles: readonly Tile[] = [
  { rows: 128, columns: 64, depth: 16, rowsEach: 8, columnsEach: 4 },
  { rows: 64, columns: 64, depth: 16, rowsEach: 8, columnsEach: 4 },
  { rows: 64, columns: 64, depth: 16, rowsEach: 8, columnsEach: 8 },
  { rows: 128, columns: 128, depth: 8, rowsEach: 8, columnsEach: 8 },
  { rows: 128, columns: 64, depth: 16, rowsEach: 8, columnsEach: 8 },
  { rows: 64, columns: 128, depth: 16, rowsEach: 8, columnsEach: 4 },
  usualTile,
  { rows: 32, columns: 64, depth: 32, rowsEach: 4, columnsEach: 4 },
  mediumTile,
  smallestTile,
]

/** Workgroups that a plan with slices may aim at. */
const groupCounts = [1, 256, 512, 1024]
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
})
const plansSchema = z.record(z.string(), planSchema)

/** A planner that tries on this device, for `tryingMs` at most whenever a program brings unknown classes. */
export function tuningPlanner(device: GPUDevice, name: string, store: PlanStore, tryingMs = 2000): Planner {
  const key = `products of ${name}, browser ${browserVersion()}, revision ${revision}`
  const limits = limitsOf(device)
  let found: Promise<Map<string, ProductPlan>> | null = null
  let known: ReadonlyMap<string, ProductPlan> = new Map()
  return {
    planFor(product) {
      const plan = known.get(classOf(product))
      return plan && fits(plan.tile, product.layout, limits) ? plan : plannerByRule.planFor(product)
    },
    async prepare(products) {
      found ??= store.get(key).then(parsedPlans)
      const plans = await found
      const missing = classesOf(products).filter(({ name }) => !plans.has(name))
      if (missing.length > 0) {
        await findPlans(device, missing, plans, tryingMs)
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

const classOf = ({ layout, rows, columns, depth, layers }: ProductSize): string =>
  [layout, ...[rows, columns, depth].map((size) => 2 ** Math.round(Math.log2(size))), layers].join(' ')

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

/** Adds the fastest plan of each class that time suffices for. */
async function findPlans(
  device: GPUDevice,
  classes: readonly ProductClass[],
  plans: Map<string, ProductPlan>,
  tryingMs: number,
): Promise<void> {
  const all = classes.reduce((sum, { work }) => sum + work, 0)
  let deadlineMs = performance.now()
  for (const { name, product, work } of classes) {
    deadlineMs += (tryingMs * work) / all // what others leave over goes to those that follow
    const plan = await fastestPlan(device, product, deadlineMs)
    if (plan) plans.set(name, plan)
  }
}

/** Null where nothing was tried in time, or nothing was right. */
async function fastestPlan(
  device: GPUDevice,
  product: ProductSize,
  deadlineMs: number,
): Promise<ProductPlan | null> {
  if (performance.now() > deadlineMs) return null
  const trial = openTrial(device, product)
  let fastest: { readonly plan: ProductPlan; readonly durationMs: number } | null = null
  const tryAll = async (plans: readonly ProductPlan[]): Promise<void> => {
    for (const plan of plans) {
      if (performance.now() > deadlineMs) return
      const durationMs = await trial.durationMs(plan, fastest?.durationMs ?? Number.POSITIVE_INFINITY)
      if (durationMs !== null && durationMs < (fastest?.durationMs ?? Number.POSITIVE_INFINITY))
        fastest = { plan, durationMs }
    }
  }
  const ruled = plannerByRule.planFor(product)
  const tiles = tilesFor(product, limitsOf(device))
  const first = [ruled, ...tiles.map((tile) => planWith(tile, product, 512, shortestSlice))]
  await tryAll(first)
  const best = fastest as { readonly plan: ProductPlan } | null
  if (best) await tryAll(otherSlices(best.plan, product))
  await trial.dispose()
  return (fastest as { readonly plan: ProductPlan } | null)?.plan ?? null
}

/** Candidates that a workgroup can hold and that are not mostly beside the output. */
export const tilesFor = (
  { layout, rows, columns }: Pick<ProductSize, 'layout' | 'rows' | 'columns'>,
  limits: WorkgroupLimits,
): Tile[] =>
  candidateTiles.filter(
    (tile) =>
      fits(tile, layout, limits) &&
      (tile === smallestTile || (tile.rows < 2 * rows && tile.columns < 2 * columns)),
  )

function otherSlices({ tile, slices }: ProductPlan, product: ProductSize): ProductPlan[] {
  const plans = groupCounts.map((groups) => planWith(tile, product, groups, shortestSlice))
  const counts = new Set(plans.map((plan) => plan.slices))
  counts.delete(slices)
  return [...counts].map((slices) => ({ tile, slices }))
}

const limitsOf = ({ limits }: GPUDevice): WorkgroupLimits => ({
  maxWorkgroupStorageBytes: limits.maxComputeWorkgroupStorageSize,
  maxInvocations: limits.maxComputeInvocationsPerWorkgroup,
})

/** "Chrome/140" and the like; what stands for the shader compiler. */
const browserVersion = (): string =>
  /(?:Firefox|Chrome|Version)\/\d+/.exec(globalThis.navigator?.userAgent ?? '')?.[0] ?? 'unknown'
