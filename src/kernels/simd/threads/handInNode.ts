/** A hand in a thread of Node. */
import { workerData } from 'node:worker_threads'
import { lendHand } from './hand'

await lendHand(workerData)
