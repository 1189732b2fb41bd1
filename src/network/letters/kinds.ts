/**
 * The kinds of letters that are understood here, and how many bytes may be attached to one: nothing to most, an adapter to
 * a few, and never more than this tab expects of them at the moment. Whoever listens says so when it enters a room; this
 * room knows no kind by name.
 */
export type LetterKinds = ReadonlyMap<string, () => number>

export const nothingAttached = () => 0
