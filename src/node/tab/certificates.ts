/** What the pages say of being forgotten, from the room that decides it. */
export { type Certificate, isForgotten } from '../../federation/unlearning/certificate'
export type { Unlearned } from '../../federation/unlearning/wish'
