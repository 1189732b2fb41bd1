/**
 * A line chart on a canvas (uPlot). It draws what it is given and knows nothing of losses: lines in CSS colours that
 * follow the theme, hover values below the pointer, marks where a point was not a number.
 */
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { resolveColours } from '../../colours/resolve'
import { usePreferences } from '../../preferences'
import styles from './Chart.module.css'
import type { ChartProps } from './chartProps'
import { showValues } from './showValues'
import { digitsFor, spacedOut, spanAround, ticksOf } from './ticks'

const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
/** From a whole number to the next: the first round, too, has its ticks, and the axis does not move with every step. */
const wholeRange = (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => {
  const from = Math.floor(low ?? 0)
  return [from, Math.max(Math.ceil(high ?? 0), from + 1)]
}
const bandOpacity = 0.16
const gridColours = ['var(--line)', 'var(--ink-faint)', 'var(--alarm)'] as const

export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const hover = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const latest = useRef(props)
  latest.current = props
  const theme = usePreferences((preferences) => preferences.theme)
  const shape = props.lines
    .map(({ key, colour, width, faint, band }) => `${key}${colour}${width}${faint}${band !== undefined}`)
    .join('|')
  const { log, sync, xWhole, xSteps } = props

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new shape, scale or theme needs a new chart; data does not
  useEffect(() => {
    const element = host.current
    if (!element) return
    const build = () => {
      chart.current?.destroy()
      chart.current = draw(element, hover.current, latest)
    }
    build()
    const resize = new ResizeObserver(() => {
      chart.current?.setSize({ width: element.clientWidth, height: element.clientHeight })
      // More or fewer ticks have room.
      chart.current?.setData(dataOf(latest.current))
    })
    resize.observe(element)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', build)
    return () => {
      resize.disconnect()
      dark.removeEventListener('change', build)
      chart.current?.destroy()
      chart.current = null
    }
  }, [shape, log, sync, xWhole, xSteps, theme])

  useEffect(() => {
    const frame = requestAnimationFrame(() => chart.current?.setData(dataOf(props)))
    return () => cancelAnimationFrame(frame)
  }, [props])

  return (
    <div className={styles.chart}>
      <div ref={host} role="img" aria-label={props.label} className={styles.canvas} />
      <div ref={hover} aria-hidden="true" className={styles.hover} />
    </div>
  )
}

/** The lines' values, then the edges of their bands, high before low. */
const dataOf = ({ x, lines }: ChartProps): uPlot.AlignedData =>
  [
    x,
    ...lines.map(({ values }) => values),
    ...lines.flatMap(({ band }) => (band ? [band.high, band.low] : [])),
  ] as unknown as uPlot.AlignedData

/** How wide a text is drawn, in CSS pixels. */
function widthsOn({ ctx }: uPlot, font: string): (text: string) => number {
  return (text) => {
    ctx.save()
    ctx.font = font
    const { width } = ctx.measureText(text)
    ctx.restore()
    return width
  }
}

/** Pixels from tick to tick of the vertical axis, so that its texts do not touch. */
const tickHeight = 26
const footHeight = 30
/** In a tall chart more would be lines for their own sake. */
const mostSteps = 8

/** The vertical axis as it is drawn now. uPlot asks first where it ends, then where its ticks are. */
function valueSpan(latest: { current: ChartProps }) {
  let span = spanAround(0, 1, 2)
  return {
    now: () => span,
    around({ height }: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
      const [least, most] = latest.current.yAtLeast ?? [Infinity, -Infinity]
      const [lowest, highest] = [Math.min(low ?? least, least), Math.max(high ?? most, most)]
      if (Number.isFinite(lowest) && Number.isFinite(highest))
        span = spanAround(lowest, highest, Math.min(mostSteps, (height - footHeight) / tickHeight))
      return [span.low, span.high]
    },
  }
}

function draw(element: HTMLElement, hover: HTMLElement | null, latest: { current: ChartProps }): uPlot {
  const props = latest.current
  const colours = resolveColours(element, [...gridColours, ...props.lines.map(({ colour }) => colour)])
  const [grid, ink, alarm] = colours
  const banded = props.lines.filter(({ band }) => band !== undefined)
  const font = `12px ${getComputedStyle(element).fontFamily}`
  const span = valueSpan(latest)
  const axis = {
    stroke: ink,
    font,
    ticks: { stroke: grid, width: 1, size: 4 },
    grid: { stroke: grid, width: 1 },
  }
  return new uPlot(
    {
      width: element.clientWidth,
      height: element.clientHeight,
      legend: { show: false },
      cursor: {
        points: { size: 7 },
        sync: props.sync ? { key: props.sync, scales: ['x', null] } : undefined,
        drag: { x: false, y: false },
      },
      scales: {
        x: { time: false, range: props.xWhole ? wholeRange : undefined },
        y: props.log ? { distr: 3 } : { range: (plot, low, high) => span.around(plot, low, high) },
      },
      axes: [
        {
          ...axis,
          size: 30,
          incrs: props.xWhole ? wholeSteps : props.xSteps && [...props.xSteps],
          values: (plot, ticks, _axis, apart, step) => {
            const texts = ticks.map((tick) => latest.current.xText(tick))
            return spacedOut(texts, widthsOn(plot, font), apart, Math.round(ticks[0] / step))
          },
        },
        {
          ...axis,
          size: 46,
          splits: props.log ? undefined : () => ticksOf(span.now()),
          // uPlot leaves out what does not fit between powers of ten.
          values: (_, ticks) =>
            ticks.map((tick) =>
              tick === null ? '' : latest.current.yTick(tick, digitsFor(props.log ? tick : span.now().step)),
            ),
        },
      ],
      series: [
        {},
        ...props.lines.map((line, index) => ({
          label: line.label,
          stroke: colours[gridColours.length + index],
          width: line.width,
          alpha: line.ghost || line.faint ? 0.28 : 1,
          dash: line.dash ? [...line.dash] : undefined,
          spanGaps: true,
          points: { show: line.points === true, size: 5, fill: colours[gridColours.length + index] },
        })),
        ...banded.flatMap((line) =>
          [bandOpacity, 0].map((alpha) => ({
            alpha,
            width: 0,
            spanGaps: true,
            points: { show: false },
            fill: colours[gridColours.length + props.lines.indexOf(line)],
          })),
        ),
      ],
      bands: banded.map((_, at) => {
        const high = 1 + props.lines.length + 2 * at
        return { series: [high, high + 1] }
      }),
      hooks: {
        setCursor: [
          (plot) => hover && showValues(plot, hover, latest.current, colours.slice(gridColours.length)),
        ],
        draw: [(plot) => crosses(plot, latest.current.broken ?? [], alarm)],
      },
    },
    dataOf(props),
    element,
  )
}

function crosses(plot: uPlot, broken: readonly number[], colour: string) {
  const { ctx } = plot
  const arm = 4 * devicePixelRatio
  ctx.save()
  ctx.strokeStyle = colour
  ctx.lineWidth = 2 * devicePixelRatio
  for (const at of broken) {
    const x = plot.valToPos(at, 'x', true)
    const y = plot.bbox.top + arm + 2
    ctx.beginPath()
    ctx.moveTo(x - arm, y - arm)
    ctx.lineTo(x + arm, y + arm)
    ctx.moveTo(x + arm, y - arm)
    ctx.lineTo(x - arm, y + arm)
    ctx.stroke()
  }
  ctx.restore()
}
