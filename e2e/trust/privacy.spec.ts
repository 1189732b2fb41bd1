/**
 * A promise of privacy in real tabs: each row of text is hidden in real steps, what was told is counted on the page, and the
 * account belongs to the text: a device that leaves with a spent budget and comes back to another run has nothing left of it.
 */
import { expect, test } from '../fixtures'
import { snapshot, until, untilPeers } from '../surface'

const search = 'rounds=40&localSteps=2&baselines=0&privacy=client&noise=1&epsilon=12'

test('@long the run ends where every text’s budget ends, all tabs say so, and another run gets nothing from those texts', async ({
  openDevices,
}) => {
  test.setTimeout(240_000)
  const [coordinator, ...devices] = await openDevices(4, { search: `${search}&autostart=3` })
  await coordinator.waitForFunction(
    () => globalThis.gossamer!.store.getState().phase.kind === 'finished',
    undefined,
    { timeout: 180_000 },
  )
  const { privacy, round, errors } = await until(
    coordinator,
    ({ privacy, round }) => round > 0 && round === privacy?.updates,
    null,
  )
  expect(errors).toEqual([])
  expect(privacy).toMatchObject({ unit: 'device', noise: 1, budget: 12, isSpent: true })
  expect(privacy!.epsilon).toBeLessThanOrEqual(12)
  await expect(coordinator.getByText('The budget is spent: nothing more is learned here.')).toBeVisible()
  for (const device of devices)
    expect((await snapshot(device)).privacy).toMatchObject({ isSpent: true, updates: round })

  const [first] = devices
  await first.reload()
  await untilPeers(coordinator, 3)
  const again = await until(first, ({ privacy }) => (privacy?.updates ?? 0) > 0, null)
  expect(again.privacy).toMatchObject({ isSpent: true, updates: round })
})
