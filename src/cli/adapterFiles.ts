/** PEFT directories on disk. */

import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sentence } from '../lib/sentence'
import type { Adapter } from '../model/adapter'
import type { ModelConfig } from '../model/config'
import { atDepth, depthOf } from '../model/depth'
import { adapterLayout, flatten } from '../model/lora'
import { decodePeft, encodePeft, type PeftFiles } from '../model/peft/peft'
import { decodeSafetensors } from '../model/safetensors'
import { UsageError } from './flags'

const configName = 'adapter_config.json'
const weightsName = 'adapter_model.safetensors'

/** An adapter that fits the model and whose numbers are numbers. */
export const readAdapter = async (directory: string, model: ModelConfig): Promise<Adapter> =>
  adapterIn(await readFiles(directory), model)

/**
 * An adapter of a model's first layers, with which a device guesses, and how many they are. Throws a `UsageError` where it is for all
 * of them, or for more.
 */
export async function readDraftAdapter(
  directory: string,
  model: ModelConfig,
): Promise<{ readonly adapter: Adapter; readonly layers: number }> {
  const files = await readFiles(directory)
  const layers = depthOf(decodeSafetensors(files.weights).tensors)
  if (layers >= model.layers)
    throw new UsageError(
      `--draft-adapter ${directory} reaches to layer ${layers}, and the model has ${model.layers}: a draft is made by the first of them alone. Train one with finetune --depth ${Math.max(1, model.layers >> 1)}.`,
    )
  return { adapter: adapterIn(files, atDepth(model, layers)), layers }
}

async function readFiles(directory: string): Promise<PeftFiles> {
  const [config, weights] = await Promise.all([
    readBytes(join(directory, configName)),
    readBytes(join(directory, weightsName)),
  ])
  return { config: config.toString('utf8'), weights }
}

function adapterIn(files: PeftFiles, model: ModelConfig): Adapter {
  const adapter = decodePeft(files, model)
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

/** @param depth of a model that was opened with its first layers alone */
export async function writeAdapter(
  directory: string,
  adapter: Adapter,
  baseModel: string,
  depth: number | null,
): Promise<void> {
  const { config, weights } = encodePeft(adapter, baseModel, depth)
  await writeFile(join(directory, configName), config)
  await writeFile(join(directory, weightsName), weights)
}

function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(problem.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read.`)
  })
}
