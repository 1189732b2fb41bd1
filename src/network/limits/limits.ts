/**
 * How much one peer may ask of this tab, in numbers. An honest room stays far below each of them; the reason stands beside
 * it. They bound work and memory, not trust: what is said is checked where it is understood.
 */
import type { Rate } from '../../lib/bucket'

/**
 * Messages. A device in training says some five things a second, a coordinator as many to each, a gossiping tab passes news
 * on ten times a second; a round adds about ten. Rounds of 50 ms, as tests have them, stay below.
 */
export const letterRate: Rate = { burst: 600, perSecond: 200 }

/**
 * Bytes of messages and whispers, without attachments. The digest of 64 devices is 40 kB, 2.5 times a second; news of 40 gossiping
 * tabs that all train are 100 kB a second; the whole history of 1000 rounds is 4 MB, once.
 */
export const textRate: Rate = { burst: 8 * 2 ** 20, perSecond: 2 ** 20 }

/** Whispers: a session says a few for each token, and no machine here makes more than some hundred tokens a second. */
export const whisperRate: Rate = { burst: 2_000, perSecond: 1_000 }

/** Bytes of attachments. WebRTC was measured at 10 to 14 MB/s; the largest attachment there may be passes at once. */
export const bulkRate: Rate = { burst: 256 * 2 ** 20, perSecond: 64 * 2 ** 20 }

/** Pings and pongs: each side sends one every 2 s. */
export const heartbeatRate: Rate = { burst: 30, perSecond: 5 }

/** A frame costs at least so many bytes, however little is in it: reading its header is work, too. */
export const leastFrameBytes = 1024

/** Frames that wait until there are tokens for them; whoever fills this goes on sending although it is held back. */
export const heldFrames = { control: 2_000, bulk: 2_000 } as const
export const heldBytes = { control: 8 * 2 ** 20, bulk: 16 * 2 ** 20 } as const

/**
 * Memory reserved for what is on its way. A peer sends one attachment after the other, of 256 MiB at most; forty devices
 * that send GPT-2 small's adapter at rank 8 (5 MB) at once need 0.2 GB.
 */
export const reservedBytes = { perPeer: 272 * 2 ** 20, perTab: 2 ** 30 } as const

/** Kinds of messages and whispers that are understood nowhere share one row in the count of bytes. */
export const unknownKind = 'other'

/** Who was shut out is not let in again for so long, and does not try. */
export const shutOutMs = 60_000
/** Those who were shut out, remembered at most. */
export const mostShutOut = 256
