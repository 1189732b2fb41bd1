/** Lends Vite's own HTTP server to the app server, in dev and in preview: page, HMR and signalling on one port. */
import type { Server } from 'node:http'
import type { Express } from 'express'
import { appServer } from './app-server'

export interface ViteServer {
  /** Null in middleware mode (vitest): there is no port, so there are no peers. */
  readonly httpServer: unknown
  readonly middlewares: { use(app: Express): unknown }
}

export function lend({ httpServer, middlewares }: ViteServer): void {
  const report = (error: Error) => console.error(`signalling: ${error.message}`)
  const servers = [httpServer as Server]
  middlewares.use(appServer({ servers, lanAddress: () => null, pages: null, report }))
}
