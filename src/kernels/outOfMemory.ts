/** A machine has no room for what a program or a weight needs. Whoever can do with less may try again. */
export class OutOfMemory extends Error {
  override name = 'OutOfMemory'
}
