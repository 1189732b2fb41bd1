/**
 * The built page as static files, and the headers that fence it in. Cross-origin isolation is switched on for everything,
 * because threads in WebAssembly need SharedArrayBuffer. No directory listing, no dot files, and no fallback except `/`
 * itself: a wrong address is a 404 and never a page that looks right.
 */
import compression from 'compression'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { type Hosts, hostOf, targetOf } from '../addresses'

const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

const plainHeaders = {
  ...isolationHeaders,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // Nobody is asked for any of these. `microphone` is missing: granted, it lets Chromium offer its real addresses.
  'Permissions-Policy': 'camera=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()',
} as const

/** Where models come from, besides this server. Files of the hub are redirected to `*.hf.co`. */
export const usualHubs = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'] as const

/**
 * What the built page may load and whom it may talk to: nobody but this server and the hubs. WebAssembly
 * compiles, its threads start from blobs, and both components and toasts bring styles of their own. Vite's development
 * pages carry inline scripts and get no such policy.
 */
const contentSecurityPolicy = (hubs: readonly string[]) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval' blob:",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' blob: data: ${hubs.join(' ')}`,
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
  ].join('; ')

/** Every answer carries them, also a refusal; without `hubs` no policy, as in development. */
export const securityHeaders =
  (hubs: readonly string[] | null): RequestHandler =>
  (_request, response, next) => {
    for (const [name, value] of Object.entries(plainHeaders)) response.setHeader(name, value)
    if (hubs) {
      response.setHeader('Content-Security-Policy', contentSecurityPolicy(hubs))
      response.setHeader('X-Frame-Options', 'SAMEORIGIN')
    }
    next()
  }

/** Turns away what names no path, and what was meant for a server of another name. */
export const addressedToUs =
  (hosts: Hosts): RequestHandler =>
  (request, response, next) => {
    const say = (status: number, text: string) => response.status(status).type('text/plain').send(text)
    if (!targetOf(request.url)) return void say(400, 'This address cannot be read.\n')
    if (hosts.answersTo(request.headers.host)) return next()
    const name = hostOf(request.headers.host) ?? 'that name'
    say(
      421,
      `This Gossamer does not answer to ${name}. Open it as localhost or by the address that it printed, or start it with ALLOWED_HOSTS=${name}\n`,
    )
  }

/**
 * Text travels compressed: the page is a third of its size on a crowded Wi-Fi. Only whole files do, never the API and what
 * streams there; and not what is asked for in ranges, because whoever reads a model counts the bytes of the file itself.
 */
const compressed = compression({
  filter: (request, response) => !request.headers.range && compression.filter(request, response),
})

/** Vite puts a content hash into each name below `assets/`: those files never change. */
export function staticPages(directory: string): RequestHandler[] {
  const files = express.static(directory, {
    dotfiles: 'ignore',
    redirect: false,
    setHeaders: (response, path) => {
      const hashed = path.slice(directory.length).replaceAll('\\', '/').startsWith('/assets/')
      // Browsers would rather download text/markdown than show it.
      if (path.endsWith('.md')) response.type('text/plain')
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const notFound: RequestHandler = (_request, response) => {
    response.status(404).type('text/plain').send('There is nothing at this address.\n')
  }
  return [compressed, files, notFound]
}

/** Express would show a stranger the stack, with the paths of this machine in it. */
export const shortError =
  (report: (error: Error) => void): ErrorRequestHandler =>
  (error: Error & { status?: number }, _request, response, next) => {
    const status = error.status ?? 500
    if (status >= 500) report(error)
    if (response.headersSent) return next(error)
    response.status(status).type('text/plain').send('This request cannot be answered.\n')
  }
