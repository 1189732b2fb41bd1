/**
 * The page's letters, before anything is written with them: a page that is drawn in the system's letters first moves when its
 * own arrive. They come from the same server as the page, so the wait is short; where it is not, the page does without.
 */
const families = ['Petrona', 'Atkinson']
const patienceMs = 1_000

export async function lettersReady(): Promise<void> {
  const loaded = Promise.allSettled(families.map((family) => document.fonts.load(`1em ${family}`)))
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, patienceMs))])
}
