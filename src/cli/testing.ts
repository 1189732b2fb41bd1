/** For tests of commands: they run in this process. */
import { vi } from 'vitest'

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
