/** PEFT directories on disk. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Adapter } from '../model/adapter'
import { decodePeft, encodePeft } from '../model/peft'
import { UsageError } from './flags'

const configName = 'adapter_config.json'
const weightsName = 'adapter_model.safetensors'

export async function readAdapter(directory: string): Promise<Adapter> {
  const [config, weights] = await Promise.all([
    readBytes(join(directory, configName)),
    readBytes(join(directory, weightsName)),
  ])
  return decodePeft({ config: config.toString('utf8'), weights })
}

export async function writeAdapter(directory: string, adapter: Adapter, baseModel: string): Promise<void> {
  const { config, weights } = encodePeft(adapter, baseModel)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, configName), config)
  await writeFile(join(directory, weightsName), weights)
}

function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(problem.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read.`)
  })
}
