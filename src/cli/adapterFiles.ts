/** PEFT directories on disk. */

import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sentence } from '../lib/sentence'
import type { Adapter } from '../model/adapter'
import type { ModelConfig } from '../model/config'
import { adapterLayout, flatten } from '../model/lora'
import { decodePeft, encodePeft } from '../model/peft/peft'
import { UsageError } from './flags'

const configName = 'adapter_config.json'
const weightsName = 'adapter_model.safetensors'

/** An adapter that fits the model and whose numbers are numbers. */
export async function readAdapter(directory: string, model: ModelConfig): Promise<Adapter> {
  const [config, weights] = await Promise.all([
    readBytes(join(directory, configName)),
    readBytes(join(directory, weightsName)),
  ])
  const adapter = decodePeft({ config: config.toString('utf8'), weights }, model)
  flatten(adapterLayout(model, adapter.config), adapter)
  return adapter
}

/**
 * Makes the directory that an adapter will be written to, before anybody works for it. Throws a `UsageError` where it
 * cannot be made or written to.
 */
export async function prepareAdapterDirectory(directory: string): Promise<void> {
  const whole = resolve(directory)
  const refuse = (why: string): never => {
    throw new UsageError(
      `${sentence(`--out ${directory} cannot be written to: ${why}`)} Give a directory that can be made.`,
    )
  }
  // Level by level: where a file system takes no directories at all, making them all at once may never end.
  const missing: string[] = []
  for (let level = whole; ; level = dirname(level)) {
    const found = await stat(level).catch((problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOENT') return null
      return refuse(
        problem.code === 'ENOTDIR' ? `a part of the path is a file` : `${level} cannot be looked at`,
      )
    })
    if (found && !found.isDirectory()) refuse(`${level} is a file`)
    if (found) break
    missing.unshift(level)
  }
  for (const level of missing) await mkdir(level).catch(() => refuse(`${level} cannot be made`))
  // Rights say little to an administrator: what is written is known to be writable.
  const probe = join(whole, `.gossamer-${process.pid}`)
  await writeFile(probe, '').catch(() => refuse('it takes no files'))
  await rm(probe)
  for (const name of [configName, weightsName]) {
    const there = await stat(join(whole, name)).catch(() => null)
    if (!there) continue
    const file = await open(join(whole, name), 'r+').catch(() => refuse(`${name} in it cannot be replaced`))
    await file.close()
  }
}

export async function writeAdapter(directory: string, adapter: Adapter, baseModel: string): Promise<void> {
  const { config, weights } = encodePeft(adapter, baseModel)
  await writeFile(join(directory, configName), config)
  await writeFile(join(directory, weightsName), weights)
}

function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(problem.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read.`)
  })
}
