/** A browser's warning, drawn: the window, what it says, and a ring around what is to be pressed. */

interface Warning {
  /** Read to whoever does not see it. */
  readonly label: string
  readonly address: string
  readonly heading: string
  /** What stands on the page below the heading, in order; the last one is to be pressed. */
  readonly buttons: readonly string[]
  /** Which press it is. */
  readonly step: number
}

const size = { width: 320, height: 196 }
/** A button is drawn as wide as its text. */
const letterWidth = 6.3

/** @returns the text of an SVG element */
export function warningPicture({ label, address, heading, buttons, step }: Warning): string {
  const rows = buttons.map((text, row) => {
    const [y, width] = [106 + 40 * row, Math.min(276, 32 + letterWidth * text.length)]
    const isPressed = row === buttons.length - 1
    const ring = isPressed
      ? `<rect x="14" y="${y - 6}" width="${width + 12}" height="38" rx="12" class="ring"/>` +
        `<circle cx="${width + 26}" cy="${y - 4}" r="11" class="step"/><text x="${width + 26}" y="${y}" text-anchor="middle" class="number">${step}</text>`
      : ''
    return (
      `<rect x="20" y="${y}" width="${width}" height="26" rx="6" class="button"/>` +
      `<text x="33" y="${y + 17}" class="words">${escaped(text)}</text>${ring}`
    )
  })
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(label)}">
<rect x="1" y="1" width="${size.width - 2}" height="${size.height - 2}" rx="9" class="window"/>
<path d="M1 34H${size.width - 1}" class="edge"/>
<rect x="12" y="9" width="${size.width - 24}" height="17" rx="8.5" class="bar"/>
<path d="M21 17.5a3 3 0 0 1 6 0v1h1v5h-8v-5h1zM19 25 29 12" class="lock"/>
<text x="36" y="21.5" class="address">${escaped(address)}</text>
<path d="M30 48 41 67H19ZM30 54.500V60.500M30 63V64" class="sign"/>
<text x="52" y="62" class="heading" textLength="${Math.min(256, 6.9 * heading.length).toFixed(0)}" lengthAdjust="spacingAndGlyphs">${escaped(heading)}</text>
<path d="M20 80H${size.width - 40}M20 90H${size.width - 110}" class="lines"/>
${rows.join('\n')}
</svg>`
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
