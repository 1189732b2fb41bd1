/**
 * How a decoder's positions are shared out where a tab reads what it alone sees before a text: so many for the view, the others
 * for the text. Nobody knows how long another's view is, so every tab goes by the same shares and reads the same window of the text.
 */

/** Of a decoder's positions, for a view. */
const ofView = 5 / 8

/** Tokens that a view may have. */
export const mostViewTokens = (capacity: number): number => Math.floor(ofView * capacity)

/** Positions that are left for the text beside it. */
export const positionsBesideView = (capacity: number): number => capacity - mostViewTokens(capacity)
