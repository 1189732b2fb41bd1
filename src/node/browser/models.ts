/** The base models that a person can choose from, and how a folder becomes one of them. For pages without a node, too. */
import type { FolderFile } from '../../model/source/folder'
import { hubPresets, isHubId } from '../../model/source/hub'
import type { KeptModel } from '../../model/source/local/keep'
import { isLocalModel } from '../../model/source/local/local'
import type { Progress } from '../../model/source/source'

export type { FolderFile, KeptModel }
export { hubPresets, isHubId, isLocalModel }

/** Models that this server ships. */
export const shippedModels = ['toy', 'seedling', 'lens'] as const

/**
 * Copies a model's folder into this browser, where all its tabs then open it as `local:name`; as `model` where its name is
 * given. Throws an error whose message can be shown as it is.
 */
export async function keepModel(
  files: readonly FolderFile[],
  onProgress: Progress,
  model?: string,
): Promise<KeptModel> {
  const { keepFolderHere } = await import('../../model/source/local/openKeeper')
  return keepFolderHere(files, onProgress, model)
}
