/**
 * Foreign strings that say where: the target of a request, its Host and the address that it comes from. Each is read
 * here, once, by a function that never throws and answers null for what is none; nobody else may hand one to `URL`.
 * The Host check is what stops DNS rebinding: a page of a name that somebody pointed at this machine would otherwise count
 * as this server's own (https://datatracker.ietf.org/doc/html/rfc9110#section-7.4).
 */
import { isIP, isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

/**
 * What is asked for, when it is a path of this server. `//elsewhere/x` is one, and stays one: prefixed with a host
 * instead of resolved against it, it names no other. Null for absolute forms and percent signs that mean nothing.
 */
export function targetOf(requested: string | undefined): URL | null {
  if (!requested?.startsWith('/')) return null
  const text = `http://localhost${requested}`
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  try {
    decodeURIComponent(url.pathname)
    return url
  } catch {
    return null
  }
}

/** `LAPTOP.local:8080` as `laptop.local`, `[::1]:80` as `::1`; null for what is no host. */
export function hostOf(header: string | undefined): string | null {
  const [, v6, name] = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([\w.-]{1,253}))(?::\d{1,5})?$/.exec(header ?? '') ?? []
  return v6 && !isIPv6(v6) ? null : (v6 ?? name?.replace(/\.$/, ''))?.toLowerCase() || null
}

export const isLoopback = (host: string): boolean =>
  /^(localhost|.*\.localhost|::1)$/.test(host) || (isIP(host) === 4 && host.startsWith('127.'))

/** Addresses change as a laptop moves; they are looked up again when they are this old. */
const rememberedMs = 2_000

export interface Hosts {
  /** Whether this server goes by the name in a Host header. */
  answersTo(header: string | undefined): boolean
}

/**
 * Loopback, this machine's own addresses and names, the one that is `announced` right now, and what ALLOWED_HOSTS adds
 * (names with commas between them, for a server behind a proxy).
 */
export function hosts(announced: () => string | null, allowed = process.env.ALLOWED_HOSTS ?? ''): Hosts {
  const names = new Set(
    [hostname(), `${hostname()}.local`, ...allowed.split(',')].map((name) => hostOf(name.trim())),
  )
  let own = new Set<string>()
  let lookedUpAtMs = Number.NEGATIVE_INFINITY
  const ownAddresses = () => {
    if (performance.now() - lookedUpAtMs > rememberedMs) {
      const entries = Object.values(networkInterfaces()).flatMap((some) => some ?? [])
      own = new Set(entries.map(({ address }) => address.replace(/%.*$/, '').toLowerCase()))
      lookedUpAtMs = performance.now()
    }
    return own
  }
  return {
    answersTo(header) {
      const host = hostOf(header)
      if (host === null) return false
      if (isLoopback(host) || names.has(host) || host === announced()) return true
      return isIP(host) !== 0 && ownAddresses().has(host)
    },
  }
}

/** Whom a limit counts: one IPv4 address, or the /64 network that one IPv6 client has to itself. */
export function clientOf(remoteAddress: string | undefined): string {
  const address = (remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(address)) return address
  const [head, tail = ''] = address.replace(/%.*$/, '').split('::')
  const groups = head ? head.split(':') : []
  const rest = tail ? tail.split(':') : []
  const zeros = address.includes('::')
    ? Array.from({ length: 8 - groups.length - rest.length }, () => '0')
    : []
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(':')}::/64`
}
