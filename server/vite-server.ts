/** Lends Vite's own HTTP server to the app server, in dev and in preview: page, HMR and signalling on one port. */
import type { Server } from 'node:http'
import type { Express } from 'express'
import { hosts } from './addresses'
import { appServer } from './app-server'
import { usualPatience } from './patience'

export interface ViteServer {
  /** Null in middleware mode (vitest): there is no port, so there are no peers. */
  readonly httpServer: unknown
  readonly middlewares: { use(app: Express): unknown }
}

export function lend({ httpServer, middlewares }: ViteServer): void {
  const report = (error: Error) => console.error(`signalling: ${error.message}`)
  const servers = [httpServer as Server]
  const { pingPeriodMs } = usualPatience
  const lanAddress = () => null
  middlewares.use(
    appServer({ servers, hosts: hosts(lanAddress), lanAddress, pages: null, pingPeriodMs, report }),
  )
}
