/** Draws docs/rooms.svg, which docs/architecture.md shows, from the imports of this checkout: `npm run picture`. */
import { writeFileSync } from 'node:fs'
import { draw, type Words } from './drawing'
import { readArrows } from './imports'
import { layOut } from './layout'

export const words: Words = {
  app: 'screens, charts, words',
  cli: 'the same without a browser',
  lab: 'simulated links and devices',
  node: 'one tab = one node',
  federation: 'rounds as a pure reducer',
  reasoning: 'texts made by several tabs',
  network: 'rooms, admission, transports',
  corpora: 'generated worlds, own text',
  training: 'text → batches → steps',
  model: 'GPT-2, LLaMA, Qwen as programs',
  kernels: 'one operation a file',
  lib: 'randomness, hash, schema',
  settings: 'one table of settings',
  server: 'page, signalling, relay',
}

/** Not for `lib`, which everybody may use. */
export const picture = async (): Promise<string> =>
  draw(layOut((await readArrows()).filter(({ to }) => to !== 'lib')), words)

if (import.meta.filename === process.argv[1]) writeFileSync('docs/rooms.svg', await picture())
