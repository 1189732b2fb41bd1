/** How the page is built and served in development, and where the unit tests are. */
import react from '@vitejs/plugin-react'
import { type Plugin, runnerImport } from 'vite'
import { defineConfig } from 'vitest/config'

/** The app server on Vite's own port. Loaded when a server starts, so that builds and unit tests do without it. */
function gossamerServer(): Plugin {
  const attach = async (server: import('./server/vite-server').ViteServer) => {
    if (!server.httpServer) return
    const { module } = await runnerImport<typeof import('./server/vite-server')>('/server/vite-server.ts')
    module.lend(server)
  }
  return { name: 'gossamer-server', configureServer: attach, configurePreviewServer: attach }
}

export default defineConfig({
  plugins: [react(), gossamerServer()],
  worker: { format: 'es' },
  build: { target: 'esnext', chunkSizeWarningLimit: 2000 },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'server/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['e2e/**', 'node_modules/**', 'dist/**'],
  },
})
