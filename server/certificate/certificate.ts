/**
 * A self-signed certificate for the addresses this machine has on its LAN. Browsers give WebGPU, Web Locks and
 * crypto.subtle to secure pages only, so a classroom needs HTTPS, and nobody but this machine can vouch for
 * 192.168.x.y. Kept in `.certificates/` so that a device has to accept it only once.
 */
import { X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** Apple's limit for any certificate is 398 days. */
const validDays = 390
const renewBeforeDays = 7
const dayMs = 24 * 60 * 60 * 1000

/**
 * IPv4 addresses of this machine that others on the LAN can reach, private ranges first. Addresses that a machine gave
 * itself (169.254) count only where there is nothing else: two laptops on a cable have no others.
 */
export function lanAddresses(interfaces = networkInterfaces()): string[] {
  const addresses = Object.values(interfaces)
    .flatMap((entries) => entries ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
  const isSelfMade = (address: string) => address.startsWith('169.254.')
  const given = addresses.filter((address) => !isSelfMade(address))
  const isPrivate = (address: string) => /^(192\.168|10|172\.(1[6-9]|2\d|3[01]))\./.test(address)
  return [...new Set(given.length > 0 ? given : addresses)].sort(
    (a, b) => Number(isPrivate(b)) - Number(isPrivate(a)),
  )
}

/** The stored certificate when it still covers every address; a new one otherwise. */
export async function certificateFor(addresses: readonly string[], directory: string): Promise<Certificate> {
  const stored = await readCertificate(directory)
  if (stored && covers(stored.cert, addresses, Date.now())) return stored
  const fresh = await makeCertificate(addresses)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'key.pem'), fresh.key, { mode: 0o600 })
  await writeFile(join(directory, 'cert.pem'), fresh.cert)
  return fresh
}

async function readCertificate(directory: string): Promise<Certificate | null> {
  try {
    const [key, cert] = await Promise.all(
      ['key.pem', 'cert.pem'].map((name) => readFile(join(directory, name), 'utf8')),
    )
    return { key, cert }
  } catch {
    return null
  }
}

/** Whether a certificate names all these addresses and is valid for a while yet. */
export function covers(cert: string, addresses: readonly string[], nowMs: number): boolean {
  try {
    const parsed = new X509Certificate(cert)
    const validUntil = new Date(parsed.validTo).getTime()
    return (
      validUntil - nowMs > renewBeforeDays * dayMs &&
      addresses.every((address) => parsed.checkIP(address) !== undefined)
    )
  } catch {
    return false
  }
}

export async function makeCertificate(addresses: readonly string[]): Promise<Certificate> {
  const names = [...new Set(['localhost', hostname(), `${hostname()}.local`])]
  const altNames = [
    ...names.map((value) => ({ type: 2 as const, value })),
    ...['127.0.0.1', '::1', ...addresses].map((ip) => ({ type: 7 as const, ip })),
  ]
  const made = await generate([{ name: 'commonName', value: `Gossamer on ${hostname()}` }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + validDays * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return { key: made.private, cert: made.cert }
}
