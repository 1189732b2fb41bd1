/** A hand in a thread of the browser. It is told once how to begin. */
import { type HandStart, lendHand } from './hand'

self.addEventListener('message', ({ data }: MessageEvent<HandStart>) => void lendHand(data), { once: true })
