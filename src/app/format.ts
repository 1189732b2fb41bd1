/** Numbers, bytes, durations and shares as people of a language write them, all through `Intl`. */

const cache = new Map<string, Intl.NumberFormat>()

function formatter(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options)
  const known = cache.get(key) ?? new Intl.NumberFormat(language, options)
  cache.set(key, known)
  return known
}

export const count = (value: number, language: string): string =>
  formatter(language, { maximumFractionDigits: 0 }).format(value)

/** 12,400 → “12K”: for places where every character counts. */
export const compact = (value: number, language: string): string =>
  formatter(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value)

export const decimal = (value: number, digits: number, language: string): string =>
  formatter(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)

/** As many digits as it has, up to six, and nothing between thousands: what could be typed again. */
export const exact = (value: number, language: string): string =>
  formatter(language, { maximumFractionDigits: 6, useGrouping: false }).format(value)

/** A value as settings write it, with the decimal sign of the language: “0.005” is “0,005” in German. Other text stays. */
export const writtenFor = (text: string, language: string): string =>
  /^-?\d+\.\d+(e-?\d+)?$/.test(text) && exact(0.5, language).includes(',') ? text.replace('.', ',') : text

export const percent = (share: number, language: string): string =>
  formatter(language, { style: 'percent', maximumFractionDigits: 0 }).format(share)

/** How much more or less: “+12%”, small ones with a digit behind the point. */
export const change = (share: number, language: string): string =>
  formatter(language, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: Math.abs(share) < 0.1 ? 1 : 0,
  }).format(share)

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

export function bytesIn(value: number, language: string): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), byteUnits.length - 1)
  const scaled = value / 1000 ** power
  return formatter(language, {
    style: 'unit',
    unit: byteUnits[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 0 && scaled < 10 ? 1 : 0,
  }).format(scaled)
}

export function durationIn(seconds: number, language: string): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour') =>
    formatter(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: name === 'second' && value < 10 && value % 1 !== 0 ? 1 : 0,
    }).format(value)
  /** A smaller unit of which there is nothing goes without saying. */
  const both = (large: string, rest: number, name: 'second' | 'minute') =>
    rest === 0 ? large : `${large} ${unit(rest, name)}`
  if (seconds < 60) return unit(seconds < 10 ? Math.round(seconds * 10) / 10 : Math.floor(seconds), 'second')
  if (seconds < 3600)
    return both(unit(Math.floor(seconds / 60), 'minute'), Math.floor(seconds % 60), 'second')
  return both(unit(Math.floor(seconds / 3600), 'hour'), Math.floor((seconds % 3600) / 60), 'minute')
}

/** A loss in nats per token. Not a number, or infinite: said so instead of shown as a figure. */
export function lossIn(value: number | null, language: string): string {
  if (value === null) return '–'
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : '∞'
  return decimal(value, value < 0.995 ? 3 : 2, language)
}

/** A code as people see it: six characters with a dash; anything else as it is. */
export const shownRoom = (room: string): string =>
  /^[0-9A-Z]{6}$/.test(room) ? `${room.slice(0, 3)}-${room.slice(3)}` : room

/** `4f7k2q`, `4F7 K2Q`, `4f7-kzq`: read what people type as a room code, or null. Crockford: o is 0, i and l are 1, u is v. */
export function readRoomCode(typed: string): string | null {
  const plain = typed.toUpperCase().replace(/[\s–—_.-]/g, '')
  const crockford = plain.replaceAll('O', '0').replace(/[IL]/g, '1').replaceAll('U', 'V')
  if (!/^[0-9A-HJKMNP-TV-Z]{6}$/.test(crockford)) return null
  return `${crockford.slice(0, 3)}-${crockford.slice(3)}`
}

/** “Heron, Otter and Lynx”, as the language has it. */
export const together = (names: readonly string[], language: string): string =>
  new Intl.ListFormat(language === 'en' ? 'en-GB' : language).format(names)
