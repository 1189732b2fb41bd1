/**
 * The command line: `npm run --silent cli -- COMMAND`. It does what a tab does, without a browser. The exit code is 0
 * only when the command did what it was told.
 */
import { OwnTextError } from '../corpora/own'
import { usage as evalUsage, evaluateText } from './eval'
import { finetune, usage as finetuneUsage } from './finetune'
import { UsageError } from './flags'
import { generate, usage as generateUsage } from './generate'
import { inspect, usage as inspectUsage } from './inspect'
import { keepStdoutClean } from './output'
import { simulate, usage as simulateUsage } from './simulate'

interface Command {
  readonly run: (args: readonly string[]) => Promise<void>
  readonly usage: string
}

const commands: Readonly<Record<string, Command>> = {
  finetune: { run: finetune, usage: finetuneUsage },
  eval: { run: evaluateText, usage: evalUsage },
  generate: { run: generate, usage: generateUsage },
  inspect: { run: inspect, usage: inspectUsage },
  simulate: { run: simulate, usage: simulateUsage },
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  keepStdoutClean()
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : null
  if (!command) {
    const all = Object.values(commands).map(({ usage }) => `  ${usage}`)
    console.error([name ? `There is no command "${name}".` : 'Name a command.', ...all].join('\n'))
    return 2
  }
  try {
    await command.run(args)
    return 0
  } catch (problem) {
    const known = problem instanceof Error && problem.name !== 'Error' && problem.name !== 'TypeError'
    console.error(known ? problem.message : problem)
    if (problem instanceof UsageError) console.error(`Usage: ${command.usage}`)
    return problem instanceof UsageError || problem instanceof OwnTextError ? 2 : 1
  }
}

process.exitCode = await main(process.argv.slice(2))
