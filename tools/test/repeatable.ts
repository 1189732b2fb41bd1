/**
 * Runs before each file of unit tests and makes it repeatable: properties, `Math.random` and what is drawn for keys and
 * secrets all follow from the run's seed and the test's name, so that a test draws the same alone and among others. A test that
 * fails says how to repeat it.
 */
import fc from 'fast-check'
import { beforeEach, onTestFailed } from 'vitest'
import { type Random, random } from '../../src/lib/rng'
import { runSeed } from './seed'

fc.configureGlobal({ seed: runSeed })

let source: Random = random(runSeed)
Math.random = () => source.next()
crypto.getRandomValues = (numbers) => {
  if (numbers === null || !ArrayBuffer.isView(numbers)) return numbers
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  for (let index = 0; index < bytes.length; index++) bytes[index] = source.int(256)
  return numbers
}

beforeEach(({ task }) => {
  source = random(runSeed, task.name)
  onTestFailed(() => {
    console.error(`Drawn from a seed. To repeat: GOSSAMER_SEED=${runSeed} npx vitest run ${task.file.name}`)
  })
})
