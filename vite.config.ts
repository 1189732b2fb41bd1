/** How the page is built and served in development, and where the unit tests are. */
import react from '@vitejs/plugin-react'
import { type Plugin, runnerImport } from 'vite'
import { defineConfig } from 'vitest/config'
import { chooseSeed } from './tools/test/seed.ts'
import { vulkanEnvironment } from './tools/test/vulkan.ts'

/** The app server on Vite's own port. Loaded when a server starts, so that builds and unit tests do without it. */
function gossamerServer(): Plugin {
  const attach = async (server: import('./server/vite-server').ViteServer) => {
    if (!server.httpServer) return
    const { module } = await runnerImport<typeof import('./server/vite-server')>('/server/vite-server.ts')
    module.lend(server)
  }
  return { name: 'gossamer-server', configureServer: attach, configurePreviewServer: attach }
}

/**
 * The threaded WebAssembly module starts its threads from its own source text, where the variable that it closes over
 * does not exist: unminified it checks for that with `typeof`, minified the check is gone and every thread dies. The
 * variable is always undefined in a module, so it is written so.
 */
const threadsSurviveMinifying = (): Plugin => ({
  name: 'gossamer-threads-survive-minifying',
  transform: {
    filter: { id: /tfjs-backend-wasm-threaded-simd\.js/ },
    handler: (code) =>
      code
        .replaceAll(/^ *(var _scriptDir =|if \(typeof __filename).*$/gm, '')
        .replaceAll('_scriptDir', 'undefined'),
  },
})

// Unit tests run shaders too, and draw from one seed. Their processes inherit this.
if (process.env.VITEST) {
  Object.assign(process.env, vulkanEnvironment())
  chooseSeed()
}

/**
 * Rooms that keep nothing in their modules: files of tests take their turns in one process, which saves half of the time that loading
 * takes. Engines and GPUs, and tests that replace a module, get a process for each file.
 */
const roomTests = ['src/{app,cli,corpora,federation,lib,network,node,reasoning,settings}/**/*.test.{ts,tsx}']

export default defineConfig({
  plugins: [react(), gossamerServer()],
  worker: { format: 'es', plugins: () => [threadsSurviveMinifying()] },
  build: { target: 'esnext', chunkSizeWarningLimit: 2000 },
  test: {
    // A software GPU compiles shaders for half a minute where every core is busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One would leave the second of two cores idle.
    maxWorkers: 2,
    setupFiles: ['tools/test/repeatable.ts'],
    projects: [
      { extends: true, test: { name: 'rooms', include: roomTests, isolate: false } },
      {
        extends: true,
        test: {
          name: 'machines',
          include: [
            ...['src/**/*.test.{ts,tsx}', 'server/**/*.test.ts', 'tools/**/*.test.ts', 'bench/*.test.ts'],
            ...(process.env.GOSSAMER_FULL ? ['src/**/*.full-test.ts'] : []), // minutes and gigabytes
          ],
          exclude: [...roomTests, 'node_modules/**'],
        },
      },
    ],
  },
})
