/**
 * Where LoRA's B factors lie. The engine computes several linear layers of a model as one (q, k and v), and any subset may
 * be adapted. Then u = x Aᵀ holds the inner columns of all of them, and each adapted layer is a segment: a range of output
 * columns with a B of its own. All B of a fused layer lie end to end in one vector.
 */
import { extent, type Layout } from '../wgsl/matrix'

/** Output columns [from, from + size) are those of u[:, uColumn .. uColumn + rank] Bᵀ; B [size, rank] begins at number bOffset. */
export interface Segment {
  readonly from: number
  readonly size: number
  readonly rank: number
  readonly bOffset: number
  readonly uColumn: number
}

/** Numbers of all B together. */
export const segmentNumbers = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { size, rank }) => sum + size * rank, 0)

/**
 * Throws a `RangeError` unless the segments lie apart in the output, and end to end in u and in b: a gradient's must. A layer of
 * which only some outputs are computed leaves gaps in u and b.
 */
export function checkSegments(
  segments: readonly Segment[],
  outSize: number,
  innerSize: number,
  { gaps }: { readonly gaps: boolean } = { gaps: false },
): void {
  let [column, number, output] = [0, 0, 0]
  const follows = (place: number, end: number): boolean => (gaps ? place >= end : place === end)
  for (const { from, size, rank, bOffset, uColumn } of segments) {
    if (!follows(uColumn, column) || !follows(bOffset, number) || from < output)
      throw new RangeError(`The segment of outputs from ${from} on does not follow the one before it.`)
    column = uColumn + rank
    number = bOffset + size * rank
    output = from + size
  }
  if (output > outSize || !follows(innerSize, column))
    throw new RangeError(
      `Segments of ${output} outputs and ${column} inner columns do not fit a layer of ${outSize} and ${innerSize}.`,
    )
}

/** What of the segments is behind an output, counted from there. */
export const segmentsBehind = (segments: readonly Segment[], output: number): Segment[] =>
  segments
    .filter(({ from, size }) => from + size > output)
    .map((segment) => {
      const { from, size, rank, bOffset } = segment
      const cut = Math.max(output - from, 0)
      return { ...segment, from: from + cut - output, size: size - cut, bOffset: bOffset + cut * rank }
    })

/** WGSL where every workgroup's layer (`layer`) is a segment; functions know it as `segment`, `main` as `chosen`. */
export const segmentTable = (segments: readonly Segment[]): string => `
struct Segment { first: u32, size: u32, rank: u32, bOffset: u32, uColumn: u32 }
const segments = array<Segment, ${segments.length}>(
${segments
  .map(({ from, size, rank, bOffset, uColumn }) =>
    [from, size, rank, bOffset, uColumn].map((value) => extent(value)).join(', '),
  )
  .map((fields) => `  Segment(${fields}),`)
  .join('\n')}
);
var<private> segment: Segment;
`

/** A private variable is not uniform to WGSL, and loops with barriers need uniform bounds: hence both. */
export const chooseSegment = `  let chosen = segments[layer];
  segment = chosen;
`

/** The columns of a segment in a matrix with `stride` columns. */
export const segmentColumns = (segments: readonly Segment[], stride: number): Layout => ({
  base: 'segment.first',
  stride,
  columns: 'segment.size',
  aligned: [stride, ...segments.flatMap(({ from, size }) => [from, size])].every(isFours),
})

/** The B of a segment [size, rank] in the vector of all. */
export const segmentFactor = (segments: readonly Segment[]): Layout => ({
  base: 'segment.bOffset',
  stride: 'segment.rank',
  columns: 'segment.rank',
  aligned: segments.flatMap(({ rank, bOffset }) => [rank, bOffset]).every(isFours),
})

/** A segment's columns of u, which has `stride` columns. */
export const segmentInner = (segments: readonly Segment[], stride: number): Layout => ({
  base: 'segment.uColumn',
  stride,
  columns: 'segment.rank',
  aligned: [stride, ...segments.flatMap(({ rank, uColumn }) => [rank, uColumn])].every(isFours),
})

const isFours = (value: number): boolean => value % 4 === 0
