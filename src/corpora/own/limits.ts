/**
 * How much of a person's text a tab takes. What is larger is read from its beginning as far as this, and the page says so;
 * nothing is refused for its length alone where a part of it can be read.
 */

/** Of all files that are dropped together. */
export const mostBytes = 20 * 1024 * 1024
export const mostFiles = 100
/** A tab trains on a few thousand examples in an hour; what is read is held, shown and stored by the page. */
export const mostExamples = 50_000
/** More than any spreadsheet that holds text. */
export const mostColumns = 1000
export const mostCells = 4_000_000
