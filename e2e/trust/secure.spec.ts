/**
 * Secure aggregation in real tabs: WebCrypto, WebRTC and real training. One of four devices is closed in the middle of a round,
 * the others come to a sum without it, and the coordinator has got no update that is not under a mask.
 */
import { expect, test } from '../fixtures'
import { snapshot, until, untilRound } from '../surface'

test('four tabs come to a sum of which nobody sees the parts, and go on when one is closed', async ({
  openDevices,
}) => {
  test.setTimeout(240_000)
  // So many steps that whoever looks five times a second sees them.
  const pages = await openDevices(5, {
    search: 'autostart=4&rounds=3&localSteps=300&baselines=0&secure=1',
  })
  const [coordinator, , , , doomed] = pages
  await untilRound(coordinator, 1, 120_000)
  await until(coordinator, (state) => state.peers.some((peer) => peer.state === 'training'), null)
  await doomed.close()
  const { bytes, errors, peers } = await untilRound(coordinator, 3, 120_000)
  expect(peers.filter(({ state }) => state === 'gone')).toHaveLength(1)
  expect(errors).toEqual([])
  expect(bytes.byKind.masked).toBeGreaterThan(0)
  expect(bytes.byKind.update ?? 0).toBe(0)
  const left = pages.slice(0, 4)
  await Promise.all(left.map((page) => untilRound(page, 3)))
  const all = await Promise.all(left.map(snapshot))
  expect(new Set(all.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  const contributors = await coordinator.evaluate(() =>
    globalThis.gossamer!.store.getState().history.map((round) => round.contributors),
  )
  expect([contributors[0], contributors[2]]).toEqual([4, 3])
  await expect(coordinator.getByText(/sees the sum of at least three devices/)).toBeVisible()
})
