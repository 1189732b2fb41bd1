/**
 * The coordinator's door in real tabs: a locked room lets nobody new in, whoever is shut out stays out over a reload of its
 * tab, because its key lives in the browser, and an invitation for edges that somebody has made up makes nobody an edge.
 */
import { expect, test } from '../fixtures'
import { snapshot, until, untilPeers } from '../surface'

const search = 'baselines=0'

test('a locked room lets nobody new in, and whoever is shut out stays out until it is unlocked', async ({
  openDevices,
  openDevice,
}) => {
  test.setTimeout(180_000)
  const [coordinator, kept, doomed] = await openDevices(3, { search })
  await untilPeers(coordinator, 2)
  await coordinator.getByRole('switch', { name: /^Lock the room/ }).click()
  await until(doomed, ({ peers }) => peers.length > 0, null)
  const stranger = await openDevice('device', { search })
  await expect(stranger.getByText(/The room is locked: nobody new is let in/).first()).toBeVisible()
  // Once it is unlocked, this one would come in by itself.
  await stranger.close()

  const name = await doomed.evaluate(
    () => globalThis.gossamer!.store.getState().devices.find(({ isSelf }) => isSelf)!.name,
  )
  await coordinator.getByRole('button', { name: `Shut out ${name}` }).click()
  await untilPeers(coordinator, 1)
  await expect(coordinator.getByText('One device is shut out.')).toBeVisible()
  await doomed.reload()
  await expect(doomed.getByText(/locked|shut/i).first()).toBeVisible()
  await untilPeers(coordinator, 1)

  await coordinator.getByRole('switch', { name: /^Lock the room/ }).click()
  await doomed.reload()
  await untilPeers(coordinator, 2)
  expect((await snapshot(kept)).errors).toEqual([])
})

test('@long whoever makes up an invitation for edges is a device like any other', async ({ openDevice }) => {
  const hierarchical = { search: `${search}&scheme=hierarchical` }
  const coordinator = await openDevice('coordinator', hierarchical)
  await Promise.all([
    openDevice('edge', { ...hierarchical, edgePass: 'made-up' }),
    openDevice('device', hierarchical),
  ])
  await untilPeers(coordinator, 2)
  const tiers = await coordinator.evaluate(() =>
    globalThis
      .gossamer!.store.getState()
      .devices.filter(({ role }) => role !== 'coordinator')
      .map(({ isEdge, volunteers }) => ({ isEdge, volunteers })),
  )
  expect(tiers.map(({ isEdge }) => isEdge)).toEqual([false, false])
  expect(tiers.filter(({ volunteers }) => volunteers)).toHaveLength(1)
})
