import { describe, expect, it } from 'vitest'
import type { Example } from '../../corpora/example'
import { audit } from '../../federation/privacy/audit'
import { encodeAdapter } from '../../model/adapter'
import { decodeSafetensors, type TensorMap } from '../../model/safetensors'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import type { Engine } from '../tab/tab'
import { makeTab } from '../tab/tab'
import { auditingOf } from './auditing'

const count = 20
const textsOf = (kind: string): Example[] =>
  Array.from({ length: count }, (_, at) => ({ prompt: '', completion: `${kind} ${at}` }))
const [read, apart] = [textsOf('read'), textsOf('apart')]
const factor = (value: number): TensorMap => new Map([['b', { shape: [1, 1], data: Float32Array.of(value) }]])
const config = { rank: 1, alpha: 1, targets: [] }
const version = encodeAdapter({ config, tensors: factor(1) })

/** A model of one number: of what was read the loss falls by that number, of all else it stays. */
function deviceWith(privacy: 'none' | 'client' = 'client') {
  const tab = makeTab({ ...defaultSettings, privacy, audit: true }, 'a', 'Ada', virtualClock())
  let onShelf = ''
  const compute = {
    async hold(_: string, [{ completion }]: readonly Example[]) {
      onShelf = completion
      return { examples: 1, rows: 1, tokens: 1 }
    },
    async evaluate(adapter: Uint8Array | null) {
      const [learned] = decodeSafetensors(adapter!).tensors.get('b')!.data
      const own = Number(onShelf.split(' ')[1]) / 1000
      return { loss: 5 + own - (onShelf.startsWith('read') ? learned : 0), tokens: 1 }
    },
  }
  const engine = { compute, opened: { adapter: config } } as unknown as Engine
  const auditing = auditingOf(tab, { engine: () => engine })
  auditing.hold({ share: { train: read, heldOut: [], probes: [] }, apart, corpus: null, rows: count })
  return { auditing, seen: () => tab.store.getState().audit }
}

describe('a tab that attacks its own updates', () => {
  it('tells apart what was read where the update gives it away, and shows what so many pieces can', async () => {
    const { auditing, seen } = deviceWith()
    auditing.sent(version, factor(0.5))
    await auditing.look()
    const most = audit(
      read.map(() => 0),
      apart.map(() => 1),
      defaultSettings.delta,
    ).epsilonAtLeast
    expect(most).toBeGreaterThan(0.5)
    expect(seen()).toEqual({ auc: 1, epsilonAtLeast: most, mostShown: most, pieces: 2 * count, updates: 1 })
  })

  it('shows nothing where the update tells nothing', async () => {
    const { auditing, seen } = deviceWith()
    auditing.sent(version, factor(0))
    await auditing.look()
    expect(seen()).toMatchObject({ auc: 0.5, epsilonAtLeast: 0 })
  })

  it('adds up over updates, and looks at each once', async () => {
    const { auditing, seen } = deviceWith()
    for (const change of [0.5, -0.5]) {
      auditing.sent(version, factor(change))
      await auditing.look()
      await auditing.look()
    }
    expect(seen()).toMatchObject({ updates: 2 })
    expect(seen()!.auc).toBeCloseTo(0.5)
  })

  it('does so only where something is promised', async () => {
    const { auditing, seen } = deviceWith('none')
    auditing.sent(version, factor(0.5))
    await auditing.look()
    expect(seen()).toBeNull()
  })
})
