/**
 * The built page as static files. Cross-origin isolation is switched on for everything, because threads in WebAssembly
 * need SharedArrayBuffer. No directory listing, no dot files, and no fallback except `/` itself: a wrong address is a
 * 404 and never a page that looks right.
 */
import express, { type RequestHandler } from 'express'

export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

export const securityHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  next()
}

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
  return [files, notFound]
}
