/** For tests: the oracle's tiny random GPT-2, whose vocabulary is an end-of-text token and 63 letters, one token each. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { machines } from '../kernels/machines/testing'
import type { LanguageModel } from '../model/languageModel'
import { directorySource } from '../model/source/directory'
import { folderSource } from '../model/source/folder'
import { loadModel } from './loadModel'

export const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '

export const randomModelDirectory = fileURLToPath(new URL('../model/fixtures/oracle/gpt2', import.meta.url))

/** The directory's files, parsed as a loader would. */
export const randomModelFiles = () => {
  const json = (file: string): unknown => JSON.parse(readFileSync(`${randomModelDirectory}/${file}`, 'utf8'))
  const weights: Uint8Array = readFileSync(`${randomModelDirectory}/model.safetensors`)
  return { config: json('config.json'), tokenizer: json('tokenizer.json'), weights }
}

/** d = 16, two layers, two heads, 32 positions, 64 tokens; on a machine of kernels/machines/testing.ts. */
export const randomModel = (machine: string): Promise<LanguageModel> => openOn(machine, randomModelDirectory)

/** A directory, or files by their names, on any machine. */
export async function openOn(
  machine: string,
  place: string | ReadonlyMap<string, Uint8Array>,
  loading?: Parameters<typeof loadModel>[2],
): Promise<LanguageModel> {
  const found = (await machines()).get(machine)
  if (!found) throw new Error(`There is no machine "${machine}" here.`)
  const source =
    typeof place === 'string'
      ? directorySource(place)
      : folderSource([...place].map(([path, bytes]) => ({ path, file: new File([bytes.slice()], path) })))
  return loadModel(source, found, loading)
}
