/**
 * The whole server in one function: signalling, the relay, the rooms API and, where asked, the built page. Vite (dev and preview)
 * and `npm start` both call it, so that what is tested is what runs. It opens no port itself.
 */
import type { Server } from 'node:http'
import express, { type Express } from 'express'
import type { Hosts } from './addresses'
import { certificateHelp, helpLanguages, preferredLanguage } from './certificate/help/page'
import { addressedToUs, securityHeaders, shortError, staticPages } from './pages/pages'
import { relay, relayPath } from './signalling/relay'
import { rooms, roomsApi } from './signalling/rooms'
import { signalling, signallingPath } from './signalling/signalling'
import { upgradeDoor } from './signalling/upgrades'

export interface AppServerOptions {
  /** Servers whose upgrade requests carry signalling. One peer may come over http and the next over https. */
  readonly servers: readonly Server[]
  readonly hosts: Hosts
  /** Base address that other machines can reach, or null. */
  readonly lanAddress: () => string | null
  /** The built page, and the origins from which it may load models; null where somebody else serves pages (Vite). */
  readonly pages: { readonly directory: string; readonly hubs: readonly string[] } | null
  /** How often a socket is asked whether it still lives. */
  readonly pingPeriodMs: number
  readonly report: (error: Error) => void
}

export function appServer({
  servers,
  hosts,
  lanAddress,
  pages,
  pingPeriodMs,
  report,
}: AppServerOptions): Express {
  const registry = rooms()
  const introductions = signalling(servers[0], registry, report)
  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders(pages?.hubs ?? null), addressedToUs(hosts))
  app.use(introductions.app)
  app.use('/api', roomsApi(registry, lanAddress))
  app.get('/certificate-help', (request, response) => {
    const asked = helpLanguages.find((language) => language === request.query.lang)
    response.vary('Accept-Language')
    response.send(certificateHelp(asked ?? preferredLanguage(request), lanAddress()))
  })
  if (pages) app.use(...staticPages(pages.directory))
  app.use(shortError(report))
  upgradeDoor({
    servers,
    hosts,
    pingPeriodMs,
    others: pages ? 'refuse' : 'leave',
    paths: new Map([
      [signallingPath, introductions.path],
      [relayPath, relay(introductions.isHere)],
    ]),
  })
  return app
}
