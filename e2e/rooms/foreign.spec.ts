/**
 * What a page reads that it did not write: own files, in a worker, and its own storage, which something has damaged. Unit
 * tests hold the decoders; here is that real pages reach them, and carry on.
 */
import { expect, test } from '../fixtures'
import { snapshot, untilPeers, untilRound } from '../surface'

test('own files are read in a worker; what is refused says why, and what was held stays', async ({
  openDevices,
}) => {
  const [, device] = await openDevices(2)
  await device.waitForFunction(() => globalThis.gossamer!.store.getState().text.examples > 0)
  const use = (name: string, text: string) =>
    device.evaluate(
      async ([name, text]) => {
        const node = globalThis.gossamer!
        const problem = await node.useFiles([new File([text], name)]).then(
          () => null,
          (error: Error) => error.message,
        )
        return { problem, ...node.store.getState().text, sample: null }
      },
      [name, text] as const,
    )
  // Ever new columns: the product of rows and columns would take half a minute.
  const columns = Array.from({ length: 8000 }, (_, row) =>
    JSON.stringify({ [`c${row}`]: `some text ${row}` }),
  )
  await expect(use('columns.jsonl', columns.join('\n'))).resolves.toMatchObject({
    problem: null,
    examples: 1,
  })
  expect(await use('notes.jsonl', '{"text":')).toMatchObject({
    problem: expect.stringMatching(/^Line 1 of "notes.jsonl" is not valid JSON/),
    title: 'columns.jsonl',
    examples: 1,
  })
  const rows = 'A short note.\n\n'.repeat(130_000)
  await expect(use('notes.txt', rows)).resolves.toMatchObject({ problem: null, examples: 50_000 })
  expect((await snapshot(device)).errors).toEqual([])
})

test('a coordinator whose stored log is damaged goes on at its newest adapter, and says so', async ({
  openDevices,
}) => {
  const pages = await openDevices(2, { search: 'rounds=3&localSteps=2&baselines=0' })
  const [coordinator] = pages
  await untilPeers(coordinator, 1)
  await coordinator.evaluate(() => globalThis.gossamer!.stepRound())
  const before = await untilRound(coordinator, 1)
  await coordinator.evaluate(async () => {
    const whole = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const database = await whole(indexedDB.open('gossamer'))
    const events = database.transaction('events', 'readwrite').objectStore('events')
    const keys = await whole(events.getAllKeys())
    await whole(events.put({ code: 'TEST', event: null }, keys[3]))
    database.close()
  })
  await coordinator.reload()
  await coordinator.waitForFunction(() => 'gossamer' in globalThis)
  const again = await untilPeers(coordinator, 1)
  expect(again).toMatchObject({
    round: 1,
    version: 1,
    adapterHash: before.adapterHash,
    invite: before.invite,
  })
  expect(again.errors).toMatchObject([
    { code: 'room-damaged', message: expect.stringContaining('put aside') },
  ])
  await coordinator.evaluate(() => globalThis.gossamer!.resume())
  await Promise.all(pages.map((page) => untilRound(page, 3)))
  expect(new Set((await Promise.all(pages.map(snapshot))).map(({ adapterHash }) => adapterHash)).size).toBe(1)
})
