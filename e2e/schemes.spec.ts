/**
 * The ways to federate, in real tabs: exact aggregation over a thin wire. Runs are small: what is checked is that tabs
 * agree, that bytes are saved and that something is learned. How well each does is measured in docs/results.md.
 */
import { expect, test } from './fixtures'
import { snapshot, untilRound } from './surface'

test('exact aggregation with sparse 8-bit updates: every tab holds the same adapter, and it has learned', async ({
  openDevices,
}) => {
  test.setTimeout(180_000)
  const rounds = 4
  const search = `preset=quick&aggregation=fedex&compression=topk-int8&rounds=${rounds}&autostart=3&seed=1`
  const pages = await openDevices(4, { search })
  const [coordinator] = pages
  const { loss, recall, bytes } = await untilRound(coordinator, rounds, 150_000)
  await Promise.all(pages.map((page) => untilRound(page, rounds)))
  const everybody = await Promise.all(pages.map(snapshot))
  expect(new Set(everybody.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  expect(everybody.flatMap(({ errors }) => errors)).toEqual([])
  expect(loss.heldOut!).toBeLessThan(loss.alone!)
  expect(recall!.merged).toBeGreaterThanOrEqual(0.5)
  // Dense float32 would be 64 KiB from each device in each round.
  expect(bytes.byKind.update).toBeLessThan((3 * rounds * 65_536) / 15)
  const { history } = await coordinator.evaluate(() => globalThis.gossamer!.store.getState())
  for (const { distortion } of history) expect(distortion).toBeLessThan(1e-5)
})
