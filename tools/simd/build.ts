/**
 * Compiles our SIMD functions (src/kernels/simd/assembly) to WebAssembly: `npm run simd`. One source gives four binaries,
 * since WebAssembly has no way to ask within a module: plain ones, and ones with the fused multiply-add of relaxed SIMD; of
 * both one whose memory several threads share, which not every page may have. Beside them the type of their functions, so that a
 * call that fits no signature does not compile. All are committed; build.test.ts compiles again and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const folder = fileURLToPath(new URL('../../src/kernels/simd/', import.meta.url))
export const binaries = [
  { path: `${folder}simd.wasm`, features: 'simd', isShared: false },
  { path: `${folder}simd-relaxed.wasm`, features: 'simd,relaxed-simd', isShared: false },
  { path: `${folder}simd-shared.wasm`, features: 'simd,threads', isShared: true },
  { path: `${folder}simd-relaxed-shared.wasm`, features: 'simd,relaxed-simd,threads', isShared: true },
]

/** A shared memory must say how large it may become: as large as addresses reach. */
const sharing = ['--sharedMemory', '--maximumMemory', '65536']

export const signaturesPath = `${folder}functions.ts`

export interface CompiledSimd {
  readonly binary: Uint8Array
  /** The text of functions.ts. */
  readonly signatures: string
}

export async function compileSimd(features: string, isShared: boolean): Promise<CompiledSimd> {
  let binary: Uint8Array | undefined
  let declarations = ''
  const { error, stderr } = await asc.main(
    [
      ...['index.ts', '--outFile', 'simd.wasm', '--enable', features],
      ...['--runtime', 'stub', '--importMemory', '--noAssert', '--optimizeLevel', '3', '--bindings', 'raw'],
      ...(isShared ? sharing : []),
    ],
    {
      readFile: (name) => read(`${folder}assembly/${name}`),
      writeFile: (name, contents) => {
        if (contents instanceof Uint8Array) binary = contents
        else if (name.endsWith('.d.ts')) declarations = contents
      },
      listFiles: () => [],
    },
  )
  if (error || !binary) throw new Error(`The SIMD functions do not compile:\n${stderr.toString()}`)
  return { binary, signatures: signaturesOf(declarations) }
}

/** The exported functions in the compiler's declarations, as methods of one interface. */
function signaturesOf(declarations: string): string {
  const functions = declarations.matchAll(/^ *export function (\w+)\((.*)\): (\w+);$/gm)
  const methods = [...functions].map(([, name, parameters, result]) => {
    const method = `  ${name}(${parameters}): ${result}\n`
    return method.length <= 111
      ? method
      : method.replace('(', '(\n    ').replaceAll(', ', ',\n    ').replace(')', ',\n  )')
  })
  return `/**
 * The functions of our WebAssembly module (assembly/index.ts says what addresses, sizes and strides count). Written by
 * \`npm run simd\` from their source; a change here is lost.
 */
export interface Simd {
${methods.join('')}}
`
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const { path, features, isShared } of binaries) {
    const { binary, signatures } = await compileSimd(features, isShared)
    writeFileSync(path, binary)
    writeFileSync(signaturesPath, signatures)
    process.stdout.write(`${path}: ${binary.length} bytes\n`)
  }
