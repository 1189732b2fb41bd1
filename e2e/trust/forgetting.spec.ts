/**
 * Being forgotten in real tabs: real training, WebRTC, and what browsers keep. One of three devices leaves after two rounds and
 * takes along what was learned from it; the others train once more without it, and both sides are shown the same certificate.
 */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'
import { snapshot, until, untilRound } from '../surface'

/** What a tab's browser keeps, by store: how many records, and of a room, or an heir's estate, which versions. */
const keptBy = (page: Page) =>
  page.evaluate(async () => {
    const asked = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const database = await asked(indexedDB.open('gossamer'))
    const all = async (store: string) => asked(database.transaction(store).objectStore(store).getAll())
    const [rooms, estates] = (await Promise.all(['rooms', 'estates'].map(all))) as {
      adapters: { id: string; version: number }[]
    }[][]
    const stores = [...database.objectStoreNames].filter((store) => store !== 'rooms')
    const counts = await Promise.all(stores.map(async (store) => [store, (await all(store)).length] as const))
    database.close()
    return {
      records: Object.fromEntries(counts),
      versions: [...rooms, ...estates].flatMap(({ adapters }) =>
        adapters.map(({ id, version }) => `${id} ${version}`),
      ),
    }
  })

test('a tab leaves, is unlearned by the others, and is given a certificate of which its coordinator has the same', async ({
  openDevices,
}) => {
  test.setTimeout(300_000)
  const [coordinator, one, leaving, other] = await openDevices(4, {
    search: 'autostart=3&rounds=2&localSteps=24&baselines=0&ledger=1&corpus=kitchen&aggregation=fedavg',
  })
  await untilRound(coordinator, 2, 120_000)
  const before = await until(leaving, ({ round, version }) => round === 2 && version === 2, null)
  await leaving.getByText('Leave and be forgotten').first().click()
  await leaving.getByRole('button', { name: 'Leave and be forgotten' }).click()
  await leaving.getByRole('button', { name: 'Yes, leave for good' }).click()

  for (const page of [coordinator, leaving]) {
    await expect(page.getByText(/The run was gone through again: 3 merges/)).toBeVisible({ timeout: 120_000 })
    await expect(page.getByText('Loss on the forgotten text')).toBeVisible()
  }
  const certificatesOf = (page: Page) =>
    page.evaluate(() => globalThis.gossamer!.store.getState().certificates)
  const [certificate] = await certificatesOf(coordinator)
  expect(await certificatesOf(leaving)).toEqual([certificate])
  expect(certificate).toMatchObject({
    of: 'everything',
    unlearned: { kind: 'replayed', rounds: 3 },
    versions: { before: 2, after: 6 },
  })
  const { before: knew, after: knows } = certificate.forgotten!
  expect(knows.loss, 'its text is harder again').toBeGreaterThan(knew!.loss)

  // Those who stay hold one adapter, and it is another one than it was in.
  for (const page of [one, other]) await until(page, ({ version }) => version === 6, null)
  const left = await Promise.all([coordinator, one, other].map(snapshot))
  expect(new Set(left.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  expect(left[0].adapterHash).not.toBe(before.adapterHash)
  expect(await certificatesOf(one)).toEqual([])

  // It is gone, and nobody keeps what it has sent: of all versions the newest alone, and updates nowhere.
  await until(coordinator, ({ peers }) => peers.filter(({ state }) => state === 'gone').length === 1, null)
  await expect(leaving.getByText(/has left the room and was forgotten there/).first()).toBeVisible()
  expect((await keptBy(coordinator)).versions).toEqual(['global 6'])
  const full = async (page: Page) =>
    Object.entries((await keptBy(page)).records).flatMap(([store, count]) => (count > 0 ? [store] : []))
  expect(await full(leaving), 'what is left where it was').toEqual(['keys'])
  for (const page of [one, other]) {
    const heritage = ['estates', 'events', 'keys', 'memberships']
    expect((await full(page)).filter((store) => !heritage.includes(store))).toEqual([])
    // Whether it is an heir or not.
    await expect
      .poll(async () => new Set(['global 6', ...(await keptBy(page)).versions]))
      .toEqual(new Set(['global 6']))
  }
  // A reload loses neither what was unlearned nor its certificate.
  await coordinator.reload()
  await until(coordinator, ({ version }) => version === 6, null)
  await expect(coordinator.getByText('Loss on the forgotten text')).toBeVisible()
  expect(await certificatesOf(coordinator)).toEqual([certificate])
})
