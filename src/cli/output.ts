/**
 * Who writes where: stdout carries JSON lines and nothing else, so that a script can read it; everything that libraries
 * say through the console goes to stderr.
 */
export const printLine = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

export function keepStdoutClean(): void {
  console.log = console.info = console.debug = console.warn = console.error
}
