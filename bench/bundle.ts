/**
 * Writes the benchmark as one folder for a machine that has a GPU and nothing else: the program for Node in one file, Node
 * itself, Dawn's native library, and a script that runs everything and prints one page (carried/).
 */
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Gives the folder's whole name. */
export async function writeBundle(folder: string): Promise<string> {
  const directory = resolve(folder)
  await mkdir(directory, { recursive: true })
  await build({
    root: here('.'),
    configFile: false,
    logLevel: 'error',
    resolve: { mainFields: ['module', 'main'], conditions: ['import', 'default'] },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: here('run/node.ts'),
      outDir: directory,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'bench.mjs', codeSplitting: false } },
    },
  })
  const platform = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`
  const native = createRequire(import.meta.url).resolve('webgpu')
  await copyFile(join(dirname(native), 'dist', platform, 'dawn.node'), join(directory, 'dawn.node'))
  await copyFile(process.execPath, join(directory, 'node'))
  await chmod(join(directory, 'node'), 0o755)
  await cp(here('carried'), directory, { recursive: true })
  return directory
}
