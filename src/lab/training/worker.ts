/** An engine in a thread of its own: it does what `threads.ts` asks for, one thing after the other. For Node only. */
import { parentPort } from 'node:worker_threads'
import { expose } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { openHeadless } from '../../training/headless'

if (parentPort) expose(openHeadless(), nodeEndpoint(parentPort))
