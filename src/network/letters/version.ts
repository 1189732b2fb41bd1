/**
 * Which language this page speaks: frames, letters and what stands in them. It grows with every change that a page of before
 * could not follow; tabs of two languages do not let each other in, and say why. Tabs that name none speak the first.
 *
 * 2: digests travel as changes, orders name the pool in runs, whispers.
 * 3: what a later message undoes is numbered, the end of training is said with its loss.
 * 4: of what a round recalls, what was not measured is null.
 * 5: a tab is a key pair; hellos are signed, and so is what the coordinator orders and announces.
 * 6: a coordinator’s right may pass on: wills, elections, and papers at the door.
 */
export const languageVersion = 6
