/**
 * The whole server in one function: signalling, the rooms API and, where asked, the built page. Vite (dev and preview)
 * and `npm start` both call it, so that what is tested is what runs. It opens no port itself.
 */
import type { Server } from 'node:http'
import express, { type Express } from 'express'
import { certificateHelp } from './certificate-help'
import { securityHeaders, staticPages } from './pages'
import { rooms, roomsApi } from './rooms'
import { signalling } from './signalling'

export interface AppServerOptions {
  /** Servers whose upgrade requests carry signalling. One peer may come over http and the next over https. */
  readonly servers: readonly Server[]
  /** Base address that other machines can reach, or null. */
  readonly lanAddress: () => string | null
  /** Directory of the built page; null where somebody else serves pages (Vite). */
  readonly pages: string | null
  readonly report: (error: Error) => void
}

export function appServer({ servers, lanAddress, pages, report }: AppServerOptions): Express {
  const registry = rooms()
  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders)
  app.use(signalling(servers, registry, report))
  app.use('/api', roomsApi(registry, lanAddress))
  app.get('/certificate-help', (_request, response) => {
    response.send(certificateHelp(lanAddress()))
  })
  if (pages) app.use(...staticPages(pages))
  return app
}
