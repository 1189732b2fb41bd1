/** Lends Vite's own HTTP server to the app server, in dev and in preview: page, HMR and signalling on one port. */
import type { Server } from 'node:http'
import type { Express } from 'express'
import type { Plugin } from 'vite'
import { appServer } from './app-server'

interface Borrowed {
  /** Null in middleware mode (vitest): there is no port, so there are no peers. */
  readonly httpServer: unknown
  readonly middlewares: { use(app: Express): unknown }
}

export function gossamerServer(): Plugin {
  const attach = ({ httpServer, middlewares }: Borrowed) => {
    if (!httpServer) return
    const servers = [httpServer as Server]
    const report = (error: Error) => console.error(`signalling: ${error.message}`)
    middlewares.use(appServer({ servers, lanAddress: () => null, pages: null, report }))
  }
  return { name: 'gossamer-server', configureServer: attach, configurePreviewServer: attach }
}
