/**
 * The seed of everything that unit tests draw: always the same in `npm test`, so that a run repeats, and a fresh one in
 * `npm run test:full`, so that new inputs are tried. Every process of a run inherits it by `GOSSAMER_SEED`, which also
 * repeats a run that failed.
 */
const usualSeed = 20_260_401

/** Draws the seed of this run, unless one is given. For the process that starts all others. Throws where it is no integer. */
export function chooseSeed(): void {
  const fresh = () => crypto.getRandomValues(new Uint32Array(1))[0] & 0x7fff_ffff
  process.env.GOSSAMER_SEED ??= String(process.env.GOSSAMER_FULL ? fresh() : usualSeed)
  if (!/^\d{1,10}$/.test(process.env.GOSSAMER_SEED))
    throw new Error(`GOSSAMER_SEED is "${process.env.GOSSAMER_SEED}". Set it to an integer, or leave it out.`)
}

/** The seed of this run. */
export const runSeed = Number(process.env.GOSSAMER_SEED)

/** Seeds for tests that try many: the first integers in `npm test`, others in `npm run test:full`. */
export const seedsOfRun = (count: number): readonly number[] => {
  const first = runSeed === usualSeed ? 0 : runSeed
  return Array.from({ length: count }, (_, index) => first + index)
}
