/** The model that a device trains must be the room's, weight for weight: else the adapters' averages mean nothing. */
import type { Example } from '../../corpora/example'
import { isLocalModel } from '../../model/source/local/local'
import type { Settings } from '../../settings/table'
import { type Engine, ModelUnavailable, type OpenCompute, openEngine, type Tab } from '../tab/tab'

/** `modelHash` is the coordinator's, `first` see `openEngine`. Throws a `ModelUnavailable` that says what to do. */
export async function openRoomModel(
  tab: Tab,
  openCompute: OpenCompute,
  settings: Settings,
  modelHash: string,
  first: readonly Example[] = [],
): Promise<Engine> {
  tab.solved('no-model')
  tab.set({ phase: { kind: 'starting', stage: 'starting-engine', done: 0, total: 0 } })
  const engine = await openEngine(tab, openCompute, settings, first)
  if (engine.opened.modelHash === modelHash) return engine
  engine.close()
  const { model } = settings
  const what = `This tab’s ${model} has other weights than the room’s, so the two cannot learn together.`
  throw new ModelUnavailable(
    isLocalModel(model)
      ? `${what} Drop the very folder that the coordinator uses.`
      : `${what} Reload the coordinator’s tab, then this one, so that both load the same version.`,
  )
}
