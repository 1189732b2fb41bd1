/** For tests of commands: they run in this process. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { randomModelFiles } from '../training/testing'

/** Runs a command and gives back its lines of JSON. */
export async function lines(
  command: (args: string[]) => Promise<void>,
  ...args: string[]
): Promise<Record<string, unknown>[]> {
  const written: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  try {
    await command(args)
  } finally {
    spy.mockRestore()
  }
  return written
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** The tiny random model as a directory. */
export function writeTinyModel(directory: string): void {
  const { config, tokenizer, weights } = randomModelFiles()
  mkdirSync(directory)
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config))
  writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(tokenizer))
  writeFileSync(join(directory, 'model.safetensors'), weights)
}
