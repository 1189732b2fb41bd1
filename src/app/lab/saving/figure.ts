/**
 * A chart as an SVG file for a paper or a page: the same lines as on the screen, on white, with its axes named. Text stays
 * text. It knows nothing of the Lab.
 */
import { largestOf, smallestOf } from '../../../lib/extremes'
import type { ChartLine } from '../../charts/drawing/chartProps'
import { digitsFor, spacedOut, spanAround, ticksBetween, ticksOf } from '../../charts/drawing/ticks'

interface Figure {
  readonly x: readonly number[]
  /** Colours as a file understands them: no variables. */
  readonly lines: readonly ChartLine[]
  readonly xName: string
  readonly yName: string
  /** What the bands around lines are, where there are any. */
  readonly bandName: string
  readonly xText: (value: number) => string
  readonly xSteps?: readonly number[]
  readonly yTick: (value: number, digits: number) => string
}

const size = { width: 640, height: 400 }
const plot = { left: 64, top: 16, width: 560, height: 300 }
const legendRow = 18
const mostRows = 8

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** Of a letter, on average. */
const letterWidth = 6.4

/** @returns the text of an SVG file */
export function figureSvg({ x, lines, xName, yName, bandName, xText, xSteps, yTick }: Figure): string {
  const values = lines
    .flatMap(({ values: own, band }) => [...own, ...(band ? [...band.low, ...band.high] : [])])
    .filter((value) => value !== null)
  const [lowX, highX] = [smallestOf(x), largestOf(x)]
  const span = spanAround(smallestOf(values), largestOf(values), mostRows)
  const across = (value: number) => plot.left + ((value - lowX) / (highX - lowX || 1)) * plot.width
  const up = (value: number) => plot.top + (1 - (value - span.low) / (span.high - span.low)) * plot.height
  const place = (value: number) => value.toFixed(1)
  const foot = plot.top + plot.height

  const placesOf = (row: readonly (number | null)[]) =>
    row.flatMap((value, at) => (value === null ? [] : [`${place(across(x[at]))} ${place(up(value))}`]))
  const pathOf = (line: ChartLine) => placesOf(line.values).join('L')
  const bands = lines.flatMap(({ band, colour }) =>
    band
      ? [
          `<path d="M${[...placesOf(band.high), ...placesOf(band.low).reverse()].join('L')}Z" fill="${colour}" opacity="0.16"/>`,
        ]
      : [],
  )
  const strokes = lines.map(
    (line) =>
      `<path d="M${pathOf(line)}" fill="none" stroke="${line.colour}" stroke-width="${line.width}"` +
      `${line.ghost ? ' opacity="0.3"' : ''}${line.dash ? ` stroke-dasharray="${line.dash.join(' ')}"` : ''}/>`,
  )
  const xTicks = ticksBetween(lowX, highX, xSteps)
  const apart = xTicks.length > 1 ? across(xTicks[1]) - across(xTicks[0]) : plot.width
  const xTexts = spacedOut(xTicks.map(xText), (text) => letterWidth * text.length, apart)
  const columns = xTicks.map((value, index) => {
    const at = place(across(value))
    return (
      `<path d="M${at} ${plot.top}V${foot}" stroke="#ddd"/>` +
      `<text x="${at}" y="${foot + 16}" text-anchor="middle">${escaped(xTexts[index])}</text>`
    )
  })
  const rows = ticksOf(span).map((value) => {
    const at = up(value)
    return (
      `<path d="M${plot.left} ${place(at)}h${plot.width}" stroke="#ddd"/>` +
      `<text x="${plot.left - 8}" y="${place(at + 4)}" text-anchor="end">${escaped(yTick(value, digitsFor(span.step)))}</text>`
    )
  })
  const named = lines.filter(({ ghost }) => !ghost)
  const legend = named.map(({ label, colour, width, dash }, row) => {
    const y = foot + 56 + row * legendRow
    const dashes = dash ? ` stroke-dasharray="${dash.join(' ')}"` : ''
    return (
      `<path d="M${plot.left} ${y}h28" stroke="${colour}" stroke-width="${width}"${dashes}/>` +
      `<text x="${plot.left + 36}" y="${y + 4}">${escaped(label)}</text>`
    )
  })
  if (bands.length > 0)
    legend.push(
      `<text x="${plot.left}" y="${foot + 60 + named.length * legendRow}">${escaped(bandName)}</text>`,
    )
  const height = size.height + Math.max(0, legend.length - 1) * legendRow
  const middle = plot.top + plot.height / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">
<title>${escaped(yName)}</title>
<rect width="100%" height="100%" fill="#fff"/>
${[...columns, ...rows, ...bands, ...strokes].join('\n')}
<text x="${plot.left + plot.width / 2}" y="${foot + 36}" text-anchor="middle">${escaped(xName)}</text>
<text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">${escaped(yName)}</text>
${legend.join('\n')}
</svg>
`
}
