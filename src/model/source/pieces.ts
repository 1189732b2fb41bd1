/**
 * Large files are read, hashed and checked by pieces of 4 MiB, one after the other: a piece is looked at when it is read for
 * whoever wants it, never a second time for its hash alone, and the next one is on its way meanwhile. Two things can be
 * looked for. A file whose SHA-256 nobody knows is hashed as it is read. A file that was kept has a digest for each of its
 * pieces, made when it arrived: the browser's own SHA-256 knows no pieces of a larger hash, but is ten times as fast as any
 * that we could write.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { oneByOne } from '../../lib/async'
import { type RunningHash, sha256Hex, startSha256 } from '../../lib/hash'
import { timed } from '../../lib/timed'
import type { RandomAccess, WholeFile } from './source'

export const pieceBytes = 4 << 20

/** All pieces of a file in order. */
export async function* piecesOf(file: RandomAccess): AsyncGenerator<Uint8Array> {
  for (let begin = 0; begin < file.size; begin += pieceBytes)
    yield file.read(begin, Math.min(begin + pieceBytes, file.size))
}

/** SHA-256 of a piece: the browser's own where there is one, in a page that was not sent over plain http. */
export async function digestOf(piece: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) return sha256Hex(piece)
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', piece as Uint8Array<ArrayBuffer>)))
}

/** A file that is hashed while it is read. Pieces that somebody has passed over are read for the hash. */
export function hashedAsRead(file: RandomAccess, hash: RunningHash): WholeFile {
  const count = Math.ceil(file.size / pieceBytes)
  const inTurn = oneByOne()
  let hashed = 0
  const take = async (index: number): Promise<Uint8Array> => {
    while (hashed < index) await takeOne(hashed)
    return takeOne(index)
  }
  const takeOne = async (index: number): Promise<Uint8Array> => {
    const piece = await readPiece(file, index)
    if (index === hashed) {
      timed('hashing', () => hash.update(piece))
      hashed++
    }
    return piece
  }
  let hex: Promise<string> | null = null
  return {
    size: file.size,
    read: inPieces(file.size, (index) => inTurn(() => take(index))),
    hash: () =>
      (hex ??= inTurn(async () => {
        if (hashed < count) await take(count - 1)
        return hash.hex()
      })),
  }
}

/** What is done about a piece that is no longer what it was. */
export interface Repair {
  /** Its bytes from elsewhere; null where there are none. They are compared, too. */
  fetchAgain(begin: number, end: number): Promise<Uint8Array | null>
  /** What is thrown without them. */
  damaged(): Error
}

/** A file of which every piece is compared with its digest when it is read. */
export function checkedAsRead(
  file: RandomAccess,
  digests: readonly string[],
  { fetchAgain, damaged }: Repair,
): RandomAccess {
  const isRight = async (piece: Uint8Array, index: number): Promise<boolean> =>
    (await timed('hashing', () => digestOf(piece))) === digests[index]
  const load = async (index: number): Promise<Uint8Array> => {
    const piece = await readPiece(file, index).catch(() => null)
    if (piece && (await isRight(piece, index))) return piece
    const again = await fetchAgain(index * pieceBytes, Math.min((index + 1) * pieceBytes, file.size))
    if (again && (await isRight(again, index))) return again
    throw damaged()
  }
  return { size: file.size, read: inPieces(file.size, load) }
}

const readPiece = (file: RandomAccess, index: number): Promise<Uint8Array> =>
  file.read(index * pieceBytes, Math.min((index + 1) * pieceBytes, file.size))

/** Reads ranges out of pieces. Of those it holds the one that was asked for last and the one that follows. */
function inPieces(size: number, load: (index: number) => Promise<Uint8Array>): RandomAccess['read'] {
  const held = new Map<number, Promise<Uint8Array>>()
  const piece = (index: number): Promise<Uint8Array> => {
    const wanted = held.get(index) ?? load(index)
    const next = index + 1
    const following = next * pieceBytes < size ? (held.get(next) ?? load(next)) : null
    held.clear()
    held.set(index, wanted)
    if (following) {
      following.catch(() => {}) // whoever asks for it hears of it
      held.set(next, following)
    }
    return wanted
  }
  return async (begin, end) => {
    if (begin === end) return new Uint8Array(0)
    const [first, last] = [Math.floor(begin / pieceBytes), Math.floor((end - 1) / pieceBytes)]
    if (first === last)
      return (await piece(first)).subarray(begin - first * pieceBytes, end - first * pieceBytes)
    const bytes = new Uint8Array(end - begin)
    for (let index = first; index <= last; index++) {
      const start = index * pieceBytes
      const part = (await piece(index)).subarray(Math.max(0, begin - start), end - start)
      bytes.set(part, Math.max(0, start - begin))
    }
    return bytes
  }
}

/** The digests of a file's pieces, while it arrives chunk by chunk. */
export interface Digests {
  add(chunk: Uint8Array): Promise<void>
  /** No chunk may follow. */
  end(): Promise<string[]>
}

export function startDigests(): Digests {
  const pieces: string[] = []
  let piece = new Uint8Array(0)
  let filled = 0
  return {
    async add(chunk) {
      for (let done = 0; done < chunk.length; ) {
        if (piece.length === 0) piece = new Uint8Array(pieceBytes)
        const part = chunk.subarray(done, done + pieceBytes - filled)
        piece.set(part, filled)
        filled += part.length
        done += part.length
        if (filled < pieceBytes) continue
        pieces.push(await digestOf(piece))
        filled = 0
      }
    },
    async end() {
      if (filled > 0) pieces.push(await digestOf(piece.subarray(0, filled)))
      return pieces
    },
  }
}

/** What is noted of a file while it arrives: its hash beside the digests. */
export interface Arrival {
  add(chunk: Uint8Array): Promise<void>
  /** No chunk may follow. */
  end(): Promise<{ sha256: string; pieces: string[] }>
}

export function startArrival(): Arrival {
  const hash = startSha256()
  const digests = startDigests()
  return {
    add(chunk) {
      hash.update(chunk)
      return digests.add(chunk)
    },
    end: async () => ({ pieces: await digests.end(), sha256: hash.hex() }),
  }
}
