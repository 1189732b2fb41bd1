/** A pair of hands in a thread of its own: it does what `threads.ts` asks for, one thing after the other. For Node only. */
import { parentPort } from 'node:worker_threads'
import { createNodeHand } from './directories'
import type { Answer, Question } from './threads'

const hand = createNodeHand()

parentPort?.on('message', async ({ id, method, args }: Question) => {
  const answer = await (hand[method] as (...args: unknown[]) => Promise<unknown>)(...args).then(
    (result): Answer => ({ id, result }),
    (error: Error): Answer => ({ id, problem: { name: error.name, message: error.message } }),
  )
  parentPort?.postMessage(answer)
})
