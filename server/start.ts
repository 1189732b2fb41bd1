/**
 * `npm start`, `npm start -- --lan`. Builds the page when needed, opens PORT (8080 unless the environment says
 * otherwise), and prints one line with the address on stdout once everything is ready. All else goes to stderr.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderUnicodeCompact } from 'uqr'
import { certificateFor, lanAddresses } from './certificate/certificate'
import { type Listening, listen } from './listen'
import { buildPages, isStale } from './pages/build'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const addressCheckMs = 60_000
const say = (text: string) => process.stderr.write(`${text}\n`)

class Complaint extends Error {}

async function main(): Promise<void> {
  const { lan } = readArguments(process.argv.slice(2))
  const port = readPort(process.env.PORT)
  if (await isStale(root)) {
    say('Building the page, this takes a moment.')
    await buildPages(root)
  }
  const server = lan ? await startOnLan(port) : await start(port, null)
  process.on('SIGINT', () => stop(server))
  process.on('SIGTERM', () => stop(server))
  process.stdout.write(`Gossamer is ready at http://localhost:${server.port}\n`)
}

type Lan = Parameters<typeof listen>[0]['lan']

async function start(port: number, lan: Lan): Promise<Listening> {
  const report = (error: Error) => say(`signalling: ${error.message}`)
  try {
    return await listen({ port, lan, pages: join(root, 'dist'), report })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Complaint(
        `Port ${port} is taken by another program. Stop it, or choose another port: PORT=${port + 1} npm start`,
      )
    if (code === 'EACCES')
      throw new Complaint(
        `Port ${port} needs administrator rights. Choose one above 1023: PORT=8080 npm start`,
      )
    throw new Complaint(`Port ${port} cannot be opened: ${message}`)
  }
}

async function startOnLan(port: number): Promise<Listening> {
  const directory = join(root, '.certificates')
  let addresses = lanAddresses()
  if (addresses.length === 0)
    throw new Complaint(
      'This machine has no address on a network. Join a Wi-Fi or plug in a cable, or leave --lan out to stay local.',
    )
  const certificate = await certificateFor(addresses, directory)
  const server = await start(port, { certificate, address: () => addresses[0] ?? null })
  announce(addresses, server.port)
  const followAddress = async () => {
    const current = lanAddresses()
    if (current.join() === addresses.join()) return
    addresses = current
    server.renew(await certificateFor(current, directory))
    announce(current, server.port)
  }
  setInterval(() => void followAddress().catch((error) => say(String(error))), addressCheckMs).unref()
  return server
}

function announce(addresses: readonly string[], port: number): void {
  if (addresses.length === 0) {
    say('This machine has lost its network address.')
    return
  }
  say(`\nOthers on this network open https://${addresses[0]}:${port}\n`)
  say(renderUnicodeCompact(`https://${addresses[0]}:${port}/`, { border: 2 }))
  for (const address of addresses.slice(1)) say(`or https://${address}:${port}`)
  say(`Their browser warns once; why, and what to do: http://${addresses[0]}:${port}/certificate-help\n`)
}

function readArguments(words: readonly string[]): { lan: boolean } {
  const unknown = words.find((word) => word !== '--lan')
  if (unknown) throw new Complaint(`“${unknown}” is not an option. There is only --lan.`)
  return { lan: words.includes('--lan') }
}

function readPort(text: string | undefined): number {
  const port = Number(text?.trim() || 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Complaint(`PORT=${text} is not a port. Use a whole number from 0 to 65535.`)
  return port
}

/** PeerServer keeps two timers for ever, so leaving takes an explicit exit. */
async function stop(server: Listening): Promise<void> {
  await server.close()
  process.exit(0)
}

main().catch((error: Error) => {
  say(error instanceof Complaint ? error.message : (error.stack ?? String(error)))
  process.exit(1)
})
