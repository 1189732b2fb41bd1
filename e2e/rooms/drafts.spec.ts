/** A room trains first layers alone; later its tabs guess with that in a room of the whole model, and say so. */
import { appAddress, expect, test } from '../fixtures'
import { until, untilPeers } from '../surface'

test('what a room has trained for drafts is used by itself in the next room, and changes no word', async ({
  openDevices,
  appUrl,
}) => {
  test.setTimeout(180_000)
  const training = 'depth=1&corpus=kitchen&rounds=3&localSteps=8&lr=0.005&autostart=1&baselines=0'
  const [coordinator, device] = await openDevices(2, { search: training, sharedContext: true })
  await until(device, (state) => state.version === 3, null, 90_000)
  await until(coordinator, (state) => state.version === 3, null)
  expect(await device.evaluate(() => globalThis.gossamer!.store.getState().settings.depth)).toBe(1)

  const later = { room: 'LATER', search: 'view=reason&mode=speculative' }
  await coordinator.goto(appAddress(appUrl, 'coordinator', later))
  await device.goto(appAddress(appUrl, 'device', later))
  await untilPeers(coordinator, 1)
  await expect(device.getByText('guesses with what room TEST has trained for it')).toBeVisible({
    timeout: 60_000,
  })
  const say = (mode: string, draftAdapter?: 'none') =>
    device.evaluate(
      ([mode, draftAdapter]) =>
        globalThis.gossamer!.generate({
          prompt: 'The cook put the',
          tokens: 40,
          mode,
          ...(draftAdapter === 'none' && { draftAdapter }),
        }),
      [mode, draftAdapter] as const,
    )
  const alone = await say('alone')
  const [bare, tuned] = [await say('speculative', 'none'), await say('speculative')]
  expect([bare.hash, tuned.hash]).toEqual([alone.hash, alone.hash])
  expect(tuned.stats.acceptance).not.toBe(bare.stats.acceptance)
})
