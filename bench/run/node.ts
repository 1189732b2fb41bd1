/**
 * The benchmark for Node with Dawn, the WebGPU of Chromium, bundled into one file that needs no network: for machines
 * with a GPU and without a browser. The parent plans and prints; every run is a process of its own, started from the same
 * file. Dawn itself is native: it lies beside the bundle as `dawn.node`.
 */
import { fork } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../../src/cli/flags'
import { compare, isSound } from '../compare'
import { type Answer, type Job, planOf, usage } from '../plan'
import { tableOf } from '../table'
import { installCounters } from './counters'
import { beLikeAPhone } from './phone'
import { installProfiler } from './profile'

/** The packages of nanogpt and ONNX Runtime Web are built for browsers alone. */
const peers = { training: ['gossamer', 'stock', 'jax'], generation: ['gossamer', 'stock'] } as const

const itself = fileURLToPath(import.meta.url)
const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Makes WebGPU global, as a browser has it. Must come before any peer is loaded. */
function installWebgpu(options: readonly string[] = []): GPU {
  const dawn = createRequire(import.meta.url)('./dawn.node') as {
    readonly create: (options: readonly string[]) => GPU
    readonly globals: object
  }
  const gpu = dawn.create(options)
  Object.assign(globalThis, dawn.globals, { self: globalThis })
  const navigator = { gpu, hardwareConcurrency: availableParallelism(), userAgent: `Node ${process.version}` }
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
  return gpu
}

/** Timestamps to the nanosecond. */
const exactTimestamps = [
  'enable-dawn-features=allow_unsafe_apis',
  'disable-dawn-features=timestamp_quantization',
]

async function serveJob(job: Job): Promise<Answer> {
  const gpu = installWebgpu(job.profile ? exactTimestamps : [])
  if (job.phone) beLikeAPhone(gpu)
  const counters = installCounters()
  const profiler = job.profile ? installProfiler() : null
  console.log = console.info = console.error
  try {
    const { measure } = await import('./measure')
    return { run: await measure(job, { backend: 'webgpu', wasm: {} }, counters, profiler) }
  } catch (problem) {
    return { problem: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem) }
  }
}

function runJob(job: Job): Promise<Answer> {
  return new Promise((resolve) => {
    const child = fork(itself, ['--job'], { serialization: 'advanced' })
    child.once('message', (answer: Answer) => {
      resolve(answer)
      child.kill()
    })
    child.once('exit', (code) => resolve({ problem: `its process ended with code ${code}` }))
    child.send(job)
  })
}

async function adapterName(): Promise<string> {
  const adapter = await installWebgpu().requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter)
    throw new Error('Dawn found no GPU: install the Vulkan driver, or set VK_ICD_FILENAMES to its ICD file.')
  const { vendor, architecture, device, description } = adapter.info
  return [...new Set([vendor, architecture, device, description])].filter(Boolean).join(' ')
}

async function bench(args: readonly string[]): Promise<void> {
  const plan = planOf(['--backend', 'webgpu', ...args], peers)
  if (plan.backend !== 'webgpu')
    throw new UsageError('Under Node only --backend webgpu is measured; without a GPU run “npm run bench”.')
  const machine = `Node ${process.version} with Dawn, ${await adapterName()}`
  const report = await compare(plan, { machine, run: runJob }, say)
  console.log(tableOf(report))
  if (plan.out !== null) await writeFile(plan.out, `${JSON.stringify(report, null, 1)}\n`)
  process.exit(isSound(report) ? 0 : 1) // Dawn keeps Node alive otherwise
}

if (process.argv.includes('--job'))
  process.once('message', async (job: Job) => process.send!(await serveJob(job), () => process.exit(0)))
else
  await bench(process.argv.slice(2)).catch((problem: unknown) => {
    if (!(problem instanceof UsageError)) throw problem
    say(`${problem.message}\nUsage: ${usage.replace('npm run bench --', 'node BUNDLE')}`)
    process.exit(2)
  })
