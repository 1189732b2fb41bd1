/** A federation of real tabs as its coordinator has recorded it, played again outside the browser by the Lab. */
import type { Page } from '@playwright/test'
import { replay } from '../src/federation/federation'
import type { Effect, FederationEvent, FederationState } from '../src/federation/types'
import { decisionsOf } from '../src/lab/replay'
import type { Settings } from '../src/node/settings'
import { federationConfigOf } from '../src/node/wire/federating'

interface Recorded {
  readonly settings: Settings
  readonly events: readonly FederationEvent[]
}

/** The coordinator's room as it stands in its browser's storage: a reload would go on from it. */
const recordOf = (coordinator: Page): Promise<Recorded> =>
  coordinator.evaluate(async () => {
    const asked = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const database = await asked(indexedDB.open('gossamer'))
    const stores = database.transaction(['rooms', 'events'])
    const [rooms, events] = await Promise.all([
      asked<{ settings: Settings }[]>(stores.objectStore('rooms').getAll()),
      asked<{ event: FederationEvent }[]>(stores.objectStore('events').getAll()),
    ])
    return { settings: rooms[0].settings, events: events.map(({ event }) => event) }
  })

/** What the Lab's reducer decides when it hears what the tabs' coordinator has heard, and where that leads. */
export async function replayInLab(
  coordinator: Page,
): Promise<{ readonly decisions: readonly Effect[]; readonly state: FederationState }> {
  const { settings, events } = await recordOf(coordinator)
  const config = federationConfigOf(settings)
  return { decisions: decisionsOf(config, events).flat(), state: replay(config, events) }
}

/** Whose updates each merge was decided to take. */
export const mergesOf = (decisions: readonly Effect[]): string[][] =>
  decisions.flatMap((effect) =>
    effect.type === 'merge' ? [[...new Set(effect.updates.map(({ device }) => device))].sort()] : [],
  )
