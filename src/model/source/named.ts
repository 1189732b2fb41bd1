/** A model's name, as the page's address gives it, to its source. */
import { ModelError } from '../config'
import type { FileStore } from './download/store'
import { hubSource, isHubId } from './hub'
import { isLocalModel, localSource } from './local/local'
import { serverSource } from './server'
import type { ModelSource } from './source'

/**
 * `toy` is a model of this server, `owner/name` one of the hub, `local:name` a folder that this browser keeps. `pageUrl` is
 * the address of the page or the worker.
 */
export function sourceNamed(model: string, pageUrl: string, store: FileStore): ModelSource {
  if (isHubId(model)) return hubSource(model, store)
  if (isLocalModel(model)) return localSource(model, store)
  if (/^\w[\w.-]*$/.test(model)) return serverSource(new URL(`/models/${model}/`, pageUrl).href, store)
  throw new ModelError(
    `"${model.slice(0, 80)}" is no model's name. Write a model of this server, such as toy, owner/name of one on huggingface.co, or local:name of a folder that was dropped here.`,
  )
}
