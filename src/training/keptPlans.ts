/**
 * Where the plans for products that were found for a GPU are kept between visits: the Cache API, which workers have, under made-up
 * addresses. Without it (no secure context, a full disk) they are found again at every visit.
 */
import type { PlanStore } from '../kernels/wgsl/autotune'

const open = (): Promise<Cache | null> =>
  'caches' in globalThis ? caches.open('gossamer-plans').catch(() => null) : Promise.resolve(null)

const addressOf = (key: string): string => `https://plans.invalid/${encodeURIComponent(key)}`

export const keptPlans: PlanStore = {
  async get(key) {
    const kept = await (await open())?.match(addressOf(key))
    return kept ? kept.text() : null
  },
  async set(key, value) {
    await (await open())?.put(addressOf(key), new Response(value)).catch(() => {})
  },
}
