/** An engine in a thread of its own: it does what `threads.ts` asks for, one thing after the other. For Node only. */
import { workerData } from 'node:worker_threads'
import { expose } from 'comlink'
import { openHeadless } from '../../training/headless'

expose(openHeadless(), workerData as MessagePort)
