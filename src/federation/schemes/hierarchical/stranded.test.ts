import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../config'
import { drive, of, ordered } from '../../fixtures/drive'
import type { Effect } from '../../types'
import { attachmentsIn } from '../../view'

const settings = { ...defaultConfig.hierarchical, appointed: 0 }

/** Two devices, each behind an edge of its own. */
function withEdges() {
  const run = drive({ scheme: 'hierarchical', hierarchical: { ...settings, devicesPerEdge: 1 } })
  for (const device of ['e', 'f']) {
    run.happen({ type: 'device-joined', device })
    run.happen({ type: 'edge-appointed', device, isEdge: true })
  }
  run.join('a', 'b')
  return run
}
const update = (run: ReturnType<typeof withEdges>, device: string) =>
  run.happen({ type: 'update-arrived', device, round: 1, version: 0, examples: 4 })

describe('devices that no edge serves', () => {
  it('are told once, where devices hide among each other, and taken in as soon as there is room', () => {
    const run = drive({
      scheme: 'hierarchical',
      secure: true,
      hierarchical: { ...settings, devicesPerEdge: 3 },
    })
    run.join('a', 'b', 'c', 'd')
    const told = (effects: readonly Effect[]) => of(effects, 'passed-over').map(({ device }) => device)
    expect(told(run.start()), 'where nobody merges for others nobody takes part').toEqual([
      'a',
      'b',
      'c',
      'd',
    ])
    const appoint = (device: string) => [
      ...run.happen({ type: 'device-joined', device }),
      ...run.happen({ type: 'edge-appointed', device, isEdge: true }),
    ]
    const begun = appoint('e')
    expect(told(begun), 'nobody is told twice').toEqual([])
    expect(of(begun, 'order-edge').map(({ order }) => order.devices)).toEqual([['a', 'b', 'c']])
    expect(ordered(begun)).toEqual([])
    run.happen({ type: 'device-left', device: 'd' })
    appoint('f')
    run.join('d')
    run.merged([
      of(run.happen({ type: 'update-arrived', device: 'e', round: 1, version: 0, examples: 12 }), 'merge')[0],
    ])
    const next = ['e', 'f', 'd'].flatMap((device) => [
      ...run.happen({ type: 'loaded', device, adapter: 'global', version: 1 }),
    ])
    expect(told(next)).toEqual([])
    expect(of(next, 'order-edge').map(({ order }) => order.devices)).toEqual([['a', 'b', 'c'], ['d']])
  })

  it('are not given to an edge that was forgotten and comes back', () => {
    const run = withEdges()
    run.happen({ type: 'forget-asked', device: 'e', of: 'everything' })
    run.happen({ type: 'device-left', device: 'e' })
    run.happen({ type: 'device-joined', device: 'e' })
    expect(of(run.start(), 'order-edge').map(({ to }) => to)).toEqual(['f'])
  })

  it('are told the newest version by the coordinator once they want to be forgotten: their edge counts on them no more', () => {
    const run = withEdges()
    run.start()
    const [merging] = ['e', 'f'].map((edge) => update(run, edge)).flatMap((effects) => of(effects, 'merge'))
    run.merged([merging])
    expect(run.stage.kind).toBe('loading')
    const told = run.happen({ type: 'forget-asked', device: 'a', of: 'everything' })
    expect(of(told, 'announce')).toMatchObject([{ to: ['a'], version: 1 }])
  })

  it('are brought what was learned where their edge has gone since it answered, or was forgotten', () => {
    for (const goes of ['device-left', 'forget-asked'] as const) {
      const run = withEdges()
      run.start()
      const [behindE] = Object.entries(attachmentsIn(run.state)!).flatMap(([device, edge]) =>
        edge === 'e' ? device : [],
      )
      if (goes === 'device-left') update(run, 'e')
      else run.happen({ type: 'forget-asked', device: 'e', of: 'everything' })
      run.happen({ type: 'device-left', device: 'e' })
      const effects = run.merged(update(run, 'f'))
      expect(of(effects, 'announce').flatMap(({ to }) => to)).toContain(behindE)
    }
  })
})
