/** Writes the benchmark for Node as one file, and Dawn's native library beside it. */
import { copyFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** The files written. */
export async function writeBundle(file: string): Promise<readonly string[]> {
  const target = resolve(file)
  const directory = dirname(target)
  await mkdir(directory, { recursive: true })
  await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    resolve: { mainFields: ['module', 'main'], conditions: ['import', 'default'] },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: fileURLToPath(new URL('run/node.ts', import.meta.url)),
      outDir: directory,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { entryFileNames: basename(target), codeSplitting: false } },
    },
  })
  const dawn = join(directory, 'dawn.node')
  const platform = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`
  const native = createRequire(import.meta.url).resolve('webgpu')
  await copyFile(join(dirname(native), 'dist', platform, 'dawn.node'), dawn)
  return [target, dawn]
}
