/** What the tests of unlearning share: a room that keeps a ledger, driven by hand. */
import { drive, of } from '../fixtures/drive'
import type { CoordinatorEffect, FederationConfig } from '../types'

const lengthOf = { a: 1, b: 2, c: 3, d: 4 } as Readonly<Record<string, number>>

/** A room that keeps a ledger; every device changes the model by a length of its own. */
export function room(settings: Partial<FederationConfig> = {}) {
  const run = drive({ ledger: true, rounds: 2, localSteps: 8, ...settings })
  /** A merge is done as it was asked for. */
  const merged = (effects: readonly CoordinatorEffect[]) =>
    of(effects, 'merge').flatMap(({ adapter, version, round, updates, longest }) => [
      ...run.happen({
        type: 'merged',
        adapter,
        version,
        round,
        adapterHash: 'h',
        contributions: updates.map(({ device, weight }) => ({
          device,
          weight,
          length: longest ? longest[device] / 3 : lengthOf[device],
        })),
      }),
    ])
  /** Everybody who is ordered answers, the merge is done, and in a usual round all load it. */
  function answer(effects: readonly CoordinatorEffect[]): readonly CoordinatorEffect[] {
    const orders = of(effects, 'order').flatMap(({ to, round, version }) =>
      to.map((device) => ({ device, round, version })),
    )
    const sent = orders.flatMap((order) => [...run.happen({ type: 'update-arrived', examples: 4, ...order })])
    const done = [...sent, ...merged(sent)]
    const { stage } = run
    if (stage.kind !== 'loading') return done
    const { version } = stage
    return [
      ...done,
      ...stage.awaited.flatMap((device) => [
        ...run.happen({ type: 'loaded', device, adapter: 'global', version }),
      ]),
    ]
  }
  /** Until nobody is ordered any more. */
  function goOn(effects: readonly CoordinatorEffect[]): readonly CoordinatorEffect[] {
    const all = [...effects]
    for (let last = effects; of(last, 'order').length > 0; ) {
      last = answer(last)
      for (const effect of last) all.push(effect)
    }
    return all
  }
  const forget = (device: string, what: 'everything' | 'text' = 'everything') =>
    run.happen({ type: 'forget-asked', device, of: what })
  return Object.assign(run, { answer, goOn, forget, merged })
}
