/** The worker that copies folders: hashing hundreds of megabytes must not hold up the page. */
import { expose } from 'comlink'
import { ModelError } from '../../config'
import { openDisk } from '../download/opfs'
import type { FolderFile } from '../folder'
import type { Progress } from '../source'
import { type KeptModel, keepFolder } from './keep'

const keeper = {
  async keep(
    files: readonly FolderFile[],
    model: string | undefined,
    onProgress: Progress,
  ): Promise<KeptModel> {
    const disk = await openDisk()
    if (!disk)
      throw new ModelError(
        'This browser window keeps no files (is it a private one, or a plain http page?), so a folder cannot be used here. Open the page in an ordinary window, over https or on localhost.',
      )
    return keepFolder(files, disk, onProgress, model)
  },
}
export type Keeper = typeof keeper

expose(keeper)
