/**
 * Promises of memory. Frames may announce what they like; memory is given for what has come, to kinds of messages that may
 * carry something, and no more than one peer's share.
 */
import { attachmentFollows, encodePiece, frameType, singlePiece } from '../../../src/network/letters/frames'
import type { Message } from '../../../src/network/network'
import type { Lane } from '../../../src/network/transport/transport'
import { attack, broken, type Case } from '../case'
import { besiege } from '../rooms/invariants'
import type { Liar } from '../rooms/liar'

const mebibyte = 2 ** 20

function messageFrame(transfer: number, message: Message): Uint8Array {
  const payload = new TextEncoder().encode(JSON.stringify(message))
  const { message: type } = frameType
  return encodePiece({ type, flags: attachmentFollows, transfer, offset: 0, total: payload.length, payload })
}

const piece = (transfer: number, total: number, offset: number, length: number) =>
  encodePiece({
    type: frameType.attachment,
    flags: 0,
    transfer,
    offset,
    total,
    payload: new Uint8Array(length),
  })

const update: Message = {
  type: 'update',
  round: 1,
  version: 0,
  examples: 4,
  loss: 1,
  hash: 'ab'.repeat(32),
  manifest: { baseHash: 'ab'.repeat(32), rank: 1, alpha: 2, targets: ['w'], dtype: 'none' },
}

const send = (liar: Liar, lane: Lane, frame: Uint8Array) => liar.links[0].send(lane, frame).catch(() => {})
const settle = () => new Promise((resolve) => setTimeout(resolve, 100))
/** Of all typed arrays, this process' own included. */
const held = () => process.memoryUsage().arrayBuffers

const promising = (name: string, act: (liar: Liar) => Promise<void>, mostMebibytes: number): Case =>
  attack(name, async () => {
    let grown = 0
    const rest = await besiege(
      async (room) => {
        const liar = await room.liar()
        await liar.hears('welcome')
        await settle()
        const before = held()
        await act(liar)
        await settle()
        grown = held() - before
      },
      { sameHash: true },
    )
    return [
      ...broken({
        [`${Math.round(grown / mebibyte)} MiB held, at most ${mostMebibytes}`]:
          grown <= mostMebibytes * mebibyte,
      }),
      ...rest,
    ]
  })

export const bytes: readonly Case[] = [
  promising(
    '200 MiB attached to a rename',
    async (liar) => {
      await send(liar, 'bulk', messageFrame(1, { type: 'rename', name: 'M' }))
      await send(liar, 'bulk', piece(1, 200 * mebibyte, 0, 60_000))
    },
    8,
  ),
  promising(
    '200 MiB attached to an update',
    async (liar) => {
      await send(liar, 'bulk', messageFrame(1, update))
      await send(liar, 'bulk', piece(1, 200 * mebibyte, 0, 60_000))
    },
    8,
  ),
  promising(
    'eight transfers that promise 256 MiB each',
    async (liar) => {
      for (const lane of ['control', 'bulk'] as const)
        for (let transfer = 1; transfer <= 4; transfer++) {
          await send(liar, lane, messageFrame(transfer, update))
          await send(liar, lane, piece(transfer, 256 * mebibyte, 0, 60_000))
        }
    },
    16,
  ),
  promising(
    '100 MiB of an attachment that nobody ordered',
    async (liar) => {
      await send(liar, 'bulk', messageFrame(1, update))
      for (let offset = 0; offset < 100 * mebibyte; offset += 60_000) {
        await send(liar, 'bulk', piece(1, 100 * mebibyte, offset, 60_000))
        if (offset % 6_000_000 === 0) await settle()
      }
    },
    48,
  ),
  promising(
    'thousands of transfers that are begun and dropped',
    async (liar) => {
      for (let transfer = 1; transfer < 3000; transfer++) {
        await send(liar, 'bulk', messageFrame(transfer, update))
        if (transfer % 3 === 0) await send(liar, 'bulk', singlePiece(frameType.cancel, undefined, transfer))
        if (transfer % 100 === 0) await settle()
      }
    },
    32,
  ),
  promising(
    '30,000 pings, and frames that are none',
    async (liar) => {
      for (let at = 0; at < 30_000; at++) {
        await send(
          liar,
          'control',
          at % 3 ? singlePiece(frameType.ping, new Uint8Array(8)) : new Uint8Array(at % 40),
        )
        if (at % 200 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    },
    32,
  ),
]
