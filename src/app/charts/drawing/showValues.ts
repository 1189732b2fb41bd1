/**
 * The values under the pointer of a chart. Lines are sampled at different places, so each shows its last value up to there. Of
 * a bundle of lines its range is shown, and by name the one that the pointer is nearest to.
 */
import type uPlot from 'uplot'
import type { ChartLine, ChartProps } from './chartProps'

interface Shown {
  readonly line: ChartLine
  readonly colour: string
  readonly value: number
}

export function showValues(
  plot: uPlot,
  hover: HTMLElement,
  props: ChartProps,
  colours: readonly string[],
): void {
  const index = plot.cursor.idx
  const left = plot.cursor.left ?? -1
  if (index === null || index === undefined || left < 0) {
    hover.style.opacity = '0'
    return
  }
  const shown = props.lines.flatMap((line, which): Shown[] => {
    if (line.ghost) return []
    const value = line.values.slice(0, index + 1).findLast((one) => one !== null)
    return value === undefined || value === null ? [] : [{ line, colour: colours[which], value }]
  })
  const atPointer = plot.posToVal(plot.cursor.top ?? 0, 'y')
  const rows = rowsOf(shown, atPointer, props.yText).map(({ colour, label, text }) => {
    const row = document.createElement('p')
    const dot = document.createElement('i')
    dot.style.background = colour
    row.append(dot, `${label} `, Object.assign(document.createElement('b'), { textContent: text }))
    return row
  })
  const title = Object.assign(document.createElement('p'), { textContent: props.xText(props.x[index]) })
  hover.replaceChildren(title, ...rows)
  const area = plot.over
  const onTheRight = left > area.clientWidth / 2
  hover.style.left = onTheRight ? 'auto' : `${area.offsetLeft + left + 14}px`
  hover.style.right = onTheRight ? `${area.clientWidth - left + 14}px` : 'auto'
  hover.style.opacity = '1'
}

interface Row {
  readonly colour: string
  readonly label: string
  readonly text: string
}

/** Thick lines first; then each bundle in one row, and the line of it that is nearest to `atPointer`. */
export function rowsOf(
  shown: readonly Shown[],
  atPointer: number,
  text: (value: number) => string,
): readonly Row[] {
  const single = shown
    .filter(({ line }) => line.crowd === undefined)
    .toSorted((a, b) => b.line.width - a.line.width)
    .map(({ line, colour, value }) => ({ colour, label: line.label, text: text(value) }))
  const bundles = [...new Set(shown.flatMap(({ line }) => line.crowd ?? []))]
  const gathered = bundles.flatMap((label) => {
    const members = shown.filter(({ line }) => line.crowd === label)
    const ordered = members.toSorted((a, b) => a.value - b.value)
    const [lowest, highest] = [ordered[0], ordered[ordered.length - 1]]
    const nearest = members.reduce((best, one) =>
      Math.abs(one.value - atPointer) < Math.abs(best.value - atPointer) ? one : best,
    )
    return [
      { colour: 'currentColor', label, text: `${text(lowest.value)} – ${text(highest.value)}` },
      { colour: nearest.colour, label: nearest.line.label, text: text(nearest.value) },
    ]
  })
  return [...single, ...gathered]
}
