/** What a chart is given: lines over one x, and how their numbers are written. */

export interface ChartLine {
  readonly key: string
  readonly label: string
  readonly colour: string
  readonly width: number
  readonly dash?: readonly number[]
  readonly points?: boolean
  /** Ghosts are the raw values behind a smoothed line: drawn faintly, not named on hover. */
  readonly ghost?: boolean
  /** Steps back behind others, and is named on hover all the same. */
  readonly faint?: boolean
  /** What lines of one bundle are called together on hover, where only the one nearest to the pointer is named itself. */
  readonly crowd?: string
  readonly values: readonly (number | null)[]
  /** A shaded stretch around the line, as its spread over several runs. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] }
}

export interface ChartProps {
  readonly label: string
  readonly x: readonly number[]
  readonly lines: readonly ChartLine[]
  /** x positions of points that were not numbers. */
  readonly broken?: readonly number[]
  readonly log?: boolean
  /** What the vertical axis shows at least; it spans all values anyway. */
  readonly yAtLeast?: readonly [low: number, high: number]
  readonly xText: (value: number) => string
  readonly yText: (value: number) => string
  /** Ticks are rounder than values, and differ from each other with so many digits behind the point. */
  readonly yTick: (value: number, digits: number) => string
  /** Only whole numbers on the horizontal axis. */
  readonly xWhole?: boolean
  /** Its ticks are this far from each other, whichever fits; without it they count in tens. */
  readonly xSteps?: readonly number[]
  /** Charts of one name follow each other's pointer; their horizontal axes must mean the same. */
  readonly sync?: string
}
