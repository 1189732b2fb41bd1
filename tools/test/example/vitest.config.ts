/** For the test of the reporter. */
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['three.unit.ts'], reporters: ['../unitReporter.ts'] } })
