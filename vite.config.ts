/** How the page is built and served in development, and where the unit tests are. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { isolationHeaders } from './server/pages'
import { gossamerServer } from './server/vite-plugin'

export default defineConfig({
  plugins: [react(), gossamerServer()],
  worker: { format: 'es' },
  build: { target: 'esnext', outDir: 'dist', chunkSizeWarningLimit: 2000 },
  server: { headers: isolationHeaders },
  preview: { headers: isolationHeaders },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'server/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['e2e/**', 'node_modules/**', 'dist/**'],
  },
})
