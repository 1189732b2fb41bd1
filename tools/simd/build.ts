/**
 * Compiles our SIMD functions (src/kernels/simd/assembly) to WebAssembly: `npm run simd`. One source gives two binaries,
 * since WebAssembly has no way to ask within a module: a plain one, and one with the fused multiply-add of relaxed SIMD.
 * Both are committed; build.test.ts compiles again and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const folder = fileURLToPath(new URL('../../src/kernels/simd/', import.meta.url))
export const binaries = [
  { path: `${folder}simd.wasm`, features: 'simd' },
  { path: `${folder}simd-relaxed.wasm`, features: 'simd,relaxed-simd' },
]

export async function compileSimd(features: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    [
      ...['index.ts', '--outFile', 'simd.wasm', '--enable', features],
      ...['--runtime', 'stub', '--importMemory', '--noAssert', '--optimizeLevel', '3'],
    ],
    {
      readFile: (name) => read(`${folder}assembly/${name}`),
      writeFile: (_name, contents) => {
        if (contents instanceof Uint8Array) binary = contents
      },
      listFiles: () => [],
    },
  )
  if (error || !binary) throw new Error(`The SIMD functions do not compile:\n${stderr.toString()}`)
  return binary
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const { path, features } of binaries) {
    const binary = await compileSimd(features)
    writeFileSync(path, binary)
    process.stdout.write(`${path}: ${binary.length} bytes\n`)
  }
