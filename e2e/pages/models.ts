/** Lends the worker to tests as `globalThis.models`. Never built into the app. */
import { type Remote, wrap } from 'comlink'
import type { ModelsWorker } from './models.worker'

declare global {
  var models: Remote<ModelsWorker>
}

globalThis.models = wrap<ModelsWorker>(
  new Worker(new URL('./models.worker.ts', import.meta.url), { type: 'module' }),
)
