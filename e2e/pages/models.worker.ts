/** Fetches one file of a hub's model into the browser's file system, as the compute worker does. */
import { expose } from 'comlink'
import { openStore } from '../../src/model/source/download/opfs'
import { hubSource } from '../../src/model/source/hub'

const worker = {
  /** Also tells how much was there before the first bytes of this visit came. */
  async fetchFile(hub: string, id: string, name: string) {
    const file = await hubSource(id, await openStore(), hub).open(name)
    const beginning = await file.read(0, 8)
    const progress: number[] = []
    const { hash, read } = await file.fetch((done) => progress.push(done))
    return {
      sha256: await hash(),
      beginning: [...beginning],
      first8: [...(await read(0, 8))],
      steps: progress.length,
    }
  },
}
export type ModelsWorker = typeof worker
expose(worker)
