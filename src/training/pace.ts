/**
 * Between two steps a worker must look at its messages: a stop, an evaluation. Awaiting a tensor does not do that where
 * the data is there already (wasm, cpu), since promises go before messages. So a step ends with a turn of the event
 * loop. Never with a timer or an animation frame: hidden tabs slow both down.
 */
const channel = typeof setImmediate === 'function' ? null : new MessageChannel()
const waiting: (() => void)[] = []
if (channel) channel.port1.onmessage = () => waiting.shift()?.()

/** Resolves after everything that already waited in the event loop has had its turn. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    if (!channel) return void setImmediate(resolve)
    waiting.push(resolve)
    channel.port2.postMessage(null)
  })
