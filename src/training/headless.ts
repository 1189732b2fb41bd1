/**
 * The engine without a browser: models from directories, WebAssembly binaries from node_modules. The command line, the
 * Lab's scripts and the tests open it. For Node only.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ModelError } from '../model/config'
import { type Gpt2, loadGpt2, type ModelFiles } from '../model/gpt2'
import { startBackend } from './backend'
import type { BackendChoice, Compute } from './compute'
import { createEngine } from './engine'

export interface HeadlessModel {
  readonly model: Gpt2
  readonly device: string
}

const loaded = new Map<string, Promise<HeadlessModel>>()

/** Loads a model directory; engines that name the same directory and backend share one set of weights. */
export function loadDirectory(directory: string, choice: BackendChoice): Promise<HeadlessModel> {
  const key = `${choice} ${directory}`
  if (!loaded.has(key)) {
    const loading = load(directory, choice)
    loading.catch(() => loaded.delete(key))
    loaded.set(key, loading)
  }
  return loaded.get(key)!
}

/** An engine for Node: `modelUrl` is a directory's path. */
export const openHeadless = (): Compute =>
  createEngine({ load: ({ modelUrl, backend }) => loadDirectory(modelUrl, backend) })

async function load(directory: string, choice: BackendChoice): Promise<HeadlessModel> {
  const files = await readDirectory(directory)
  const binaries = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  )
  const { backend, device } = await startBackend(choice, join(binaries, 'dist/'))
  return { model: loadGpt2(files, backend), device }
}

async function readDirectory(directory: string): Promise<ModelFiles> {
  const read = (name: string): Promise<Buffer> =>
    readFile(join(directory, name)).catch(() => {
      throw new ModelError(`${join(directory, name)} cannot be read. Give a Hugging Face model directory.`)
    })
  const json = async (name: string): Promise<unknown> => parse(name, (await read(name)).toString('utf8'))
  // First and alone: of a directory without a model, the message then always names the same file.
  const config = await json('config.json')
  const [tokenizer, weights, tokenizerSettings] = await Promise.all([
    json('tokenizer.json'),
    read('model.safetensors'),
    json('tokenizer_config.json').catch(() => null),
  ])
  return { config, tokenizer, tokenizerSettings, weights }
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ModelError(`${name} is no valid JSON. Download the model again.`)
  }
}
