/**
 * Bytes as text, the same for the page and the command line. UTF-8 and UTF-16 are recognised with and without a byte order
 * mark. What is neither is taken for Windows-1252 (what Excel and Notepad wrote for decades) where every letter makes
 * sense in it, and that is said; what is no text at all is refused.
 */
import { OwnTextError } from './errors'
import { contentOf } from './kinds'
import type { Unsupported } from './problems'
import type { Note } from './reading'

/** First bytes of formats that people use by mistake, as Latin-1. */
const signatures: readonly (readonly [string, Unsupported | null])[] = [
  ['%PDF', 'pdf'],
  ['{\\rtf', 'document'],
  ['\xd0\xcf\x11\xe0', 'document'],
  ['PK\x03\x04', null],
  ['\x1f\x8b', 'archive'],
  ['\x89PNG', null],
  ['\xff\xd8\xff', null],
  ['GIF8', null],
  ['SQLite format 3', 'database'],
  ['PAR1', 'columns'],
]

/**
 * @param isCut the bytes are the beginning of a larger file: a letter that is not whole at their end is dropped
 * @throws OwnTextError `binary`, `unsupported` or `unknown-encoding`
 */
export function decode(name: string, bytes: Uint8Array, isCut = false): { text: string; notes: Note[] } {
  refuseOtherFormats(name, bytes)
  const text = decoded(bytes, unicodeOf(bytes), isCut)
  const read = text ?? windows1252(name, bytes)
  if (controls(read) * 1000 > read.length || read.includes('\0'))
    throw new OwnTextError({ kind: 'binary', name })
  return { text: read, notes: text === null ? [{ kind: 'windows-1252' }] : [] }
}

function refuseOtherFormats(name: string, bytes: Uint8Array): void {
  const start = String.fromCharCode(...bytes.subarray(0, 16))
  const found = signatures.find(([signature]) => start.startsWith(signature))
  if (!found) return
  const content = found[1] ?? (contentOf(name) === 'other' ? null : contentOf(name))
  throw new OwnTextError(content ? { kind: 'unsupported', name, content } : { kind: 'binary', name })
}

type Unicode = 'utf-8' | 'utf-16le' | 'utf-16be'

/** UTF-8 where nothing speaks for another. */
function unicodeOf(bytes: Uint8Array): Unicode {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  // Without a mark: every other byte of Western text is 0.
  const zeros = [0, 0]
  const looked = Math.min(bytes.length, 4096) & ~1
  for (let at = 0; at < looked; at++) if (bytes[at] === 0) zeros[at & 1]++
  const many = looked / 4
  if (zeros[1] > many && zeros[0] === 0) return 'utf-16le'
  if (zeros[0] > many && zeros[1] === 0) return 'utf-16be'
  return 'utf-8'
}

function decoded(bytes: Uint8Array, encoding: Unicode, isCut: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return null
  }
}

/**
 * Other character sets give themselves away in it: by bytes that it lacks, by signs within words (Polish, Czech), or by words
 * of little but accented letters (Cyrillic, Chinese).
 */
const signs = '¡¢£¤¥¦§¨©¬®¯°±²³´¶¸¹¼½¾¿×÷ƒ†‡‰'
const foreignSigns = new RegExp(`[\\x80-\\x9f]|\\p{L}[${signs}]+\\p{L}|[À-ÿ][${signs}]`, 'u')
const mostAccented = 0.35

/** What stands at 0x80 to 0x9f; a dot where nothing does. Not left to the platform: Node reads these as Latin-1. */
const upperSigns = '€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ'

const western = (bytes: Uint8Array): string =>
  new TextDecoder('latin1').decode(bytes).replace(/[\x80-\x9f]/g, (letter) => {
    const sign = upperSigns[letter.charCodeAt(0) - 0x80]
    return sign === '.' ? letter : sign
  })

function isWestern(text: string): boolean {
  if (foreignSigns.test(text)) return false
  const [letters, accented] = [/\p{L}/gu, /[À-ÿŠŒŽšœžŸ]/g].map((kind) => text.match(kind)?.length ?? 0)
  return accented <= Math.max(4, mostAccented * letters)
}

/** Of writing that is not Western hardly a byte is 0; yet nearly all of it is letters, and a line or a space ends somewhere. */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  return (['utf-16le', 'utf-16be'] as const).some((encoding) => {
    const text = decoded(bytes.subarray(0, 4096), encoding, true) ?? ''
    const letters = text.match(/[\p{L}\p{M}\p{P}\p{N}\s]/gu)?.length ?? 0
    return letters > 0.95 * text.length && /[\n \u3000]/.test(text)
  })
}

function windows1252(name: string, bytes: Uint8Array): string {
  const text = western(bytes)
  const isUtf16 = unicodeOf(bytes) !== 'utf-8'
  if (isUtf16 || bytes.subarray(0, 65_536).includes(0))
    throw new OwnTextError({ kind: looksLikeUtf16(bytes) ? 'unknown-encoding' : 'binary', name })
  if (!isWestern(text)) throw new OwnTextError({ kind: 'unknown-encoding', name })
  return text
}

/** How many letters are none: some logs and old documents hold a few. */
function controls(text: string): number {
  let found = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 32 && (code < 9 || (code > 13 && code !== 27))) found++
  }
  return found
}
