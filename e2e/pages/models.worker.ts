/** Fetches one file of a hub's model into the browser's file system, and loads models, as the compute worker does. */
import { expose } from 'comlink'
import { sha256Hex } from '../../src/lib/hash'
import { openDisk, openStore } from '../../src/model/source/download/opfs'
import { hubSource } from '../../src/model/source/hub'
import { serverSource } from '../../src/model/source/server'
import { packedFormsIn } from '../../src/training/loading/packedForms'
import { keepingMachine } from '../../src/training/loading/testing'
import { loadModel } from '../../src/training/loadModel'

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

  /** Loads a model of this server as int8; what was said, and the hash of all numbers on the machine. */
  async load(url: string) {
    const disk = await openDisk()
    if (!disk) throw new Error('This browser keeps no files.')
    const machine = keepingMachine()
    const said: string[] = []
    const forms = packedFormsIn(disk, 1)
    const { hash } = await loadModel(
      serverSource(url, disk),
      machine,
      { precision: 'int8', forms },
      (progress) => {
        const what = progress.stage === 'otherwise' ? progress.why : progress.stage
        if (said.at(-1) !== what) said.push(what)
      },
    )
    const parts = performance.getEntriesByType('measure').map(({ name }) => name)
    performance.clearMeasures()
    const numbers = [...machine.numbers().values()].map(({ buffer }) => sha256Hex(new Uint8Array(buffer)))
    return { hash, said, numbers: numbers.join(' '), packed: parts.includes('gossamer packing') }
  },
}
export type ModelsWorker = typeof worker
expose(worker)
