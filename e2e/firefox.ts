/**
 * Firefox, where this machine has one, driven over WebDriver BiDi by a dozen lines: Playwright brings a Firefox of its own,
 * which nobody uses; the one that people have speaks this protocol itself.
 * Source: https://w3c.github.io/webdriver-bidi/
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { WebSocket } from 'ws'

const names = ['firefox-esr', 'firefox']

/** FIREFOX from the environment, else the first on the path; null: this machine has none. */
export function firefoxPath(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
  return process.env.FIREFOX ?? found ?? null
}

const preferences: Readonly<Record<string, string | number | boolean>> = {
  // Without a network card there are only loopback candidates, and nobody resolves their mDNS names.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
  // Whatever is not this machine's ends at a proxy that is not there.
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': 'localhost, 127.0.0.1',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'security.sandbox.content.level': 0, // where it runs as root
}

export interface Firefox {
  /** A tab at this address. */
  open(address: string): Promise<FirefoxTab>
  close(): Promise<void>
}

export interface FirefoxTab {
  /** What the expression comes to, as JSON. */
  evaluate<Value>(expression: string): Promise<Value>
}

const startLimitMs = 60_000

export async function launchFirefox(path: string): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'gossamer-firefox-'))
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const browser = spawn(
    path,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
    },
  )
  const end = async () => {
    browser.kill('SIGKILL')
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  try {
    const command = await connect(`${await addressOf(browser)}/session`)
    await command('session.new', { capabilities: {} })
    return { open: (address) => open(command, address), close: end }
  } catch (error) {
    await end()
    throw error
  }
}

function addressOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => reject(new Error(`Firefox does not listen: ${said}`)), startLimitMs)
    stderr!.on('data', (chunk) => {
      said += chunk
      const address = /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1]
      if (!address) return
      clearTimeout(timer)
      resolve(address)
    })
  })
}

type Command = (method: string, params: object) => Promise<Record<string, unknown>>

async function connect(address: string): Promise<Command> {
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const answers = new Map<number, (answer: Record<string, unknown>) => void>()
  socket.on('message', (data) => {
    const answer = JSON.parse(String(data)) as Record<string, unknown>
    answers.get(Number(answer.id))?.(answer)
    answers.delete(Number(answer.id))
  })
  let last = 0
  return (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++last
      answers.set(id, (answer) =>
        answer.type === 'success'
          ? resolve(answer.result as Record<string, unknown>)
          : reject(new Error(`${method}: ${answer.error}: ${answer.message}`)),
      )
      socket.send(JSON.stringify({ id, method, params }))
    })
}

async function open(command: Command, url: string): Promise<FirefoxTab> {
  const { context } = await command('browsingContext.create', { type: 'tab' })
  await command('browsingContext.navigate', { context, url, wait: 'complete' })
  return {
    async evaluate<Value>(expression: string) {
      const answer = await command('script.evaluate', {
        expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
        target: { context },
        awaitPromise: true,
      })
      const { result, exceptionDetails } = answer as {
        result?: { value?: string }
        exceptionDetails?: object
      }
      if (result?.value === undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`)
      return JSON.parse(result.value) as Value
    },
  }
}
