/** Numbers as the results page writes them, and the few statistics it needs. */

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Sample standard deviation; 0 of one value. */
export const deviation = (values: readonly number[]): number => {
  if (values.length < 2) return 0
  const average = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1))
}

/** Mean ± standard deviation. */
export const spread = (values: readonly number[], digits = 3): string =>
  `${mean(values).toFixed(digits)} ± ${deviation(values).toFixed(digits)}`

export const percent = (values: readonly number[], digits = 1): string =>
  `${spread(
    values.map((value) => 100 * value),
    digits,
  )} %`

export const signed = (value: number, digits = 1): string =>
  `${value >= 0 ? '+' : '−'}${Math.abs(100 * value).toFixed(digits)} %`

/** One more line of how many seeds it holds for. */
export const count = <Item>(items: readonly Item[], holds: (item: Item) => boolean): number =>
  items.filter(holds).length

/** A table in Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
