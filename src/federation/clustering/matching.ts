/**
 * Names that stay. A new division gets the names of the old one such that as many devices as possible keep theirs: the
 * maximum-overlap matching of old names to new groups, found exactly over subsets of names (there are a dozen at most).
 * Groups that no old name is left for get new ones.
 */

/**
 * @param before each device's old name; null: it had none
 * @param labels each device's new group, from 0
 * @param fresh makes a name that has never been given
 * @returns for every group its name
 */
export function namesByOverlap(
  before: readonly (string | null)[],
  labels: readonly number[],
  fresh: () => string,
): string[] {
  const groups = Math.max(...labels) + 1
  const names = [...new Set(before.filter((name) => name !== null))].sort()
  const overlap = (group: number, name: string) =>
    labels.filter((label, at) => label === group && before[at] === name).length
  const table = Array.from({ length: groups }, (_, group) => names.map((name) => overlap(group, name)))

  const best = new Map<string, { kept: number; chosen: readonly (number | null)[] }>()
  const match = (group: number, taken: number): { kept: number; chosen: readonly (number | null)[] } => {
    if (group === groups) return { kept: 0, chosen: [] }
    const key = `${group} ${taken}`
    const known = best.get(key)
    if (known) return known
    const rest = match(group + 1, taken)
    let found = { kept: rest.kept, chosen: [null, ...rest.chosen] as readonly (number | null)[] }
    for (const [place, kept] of table[group].entries()) {
      if (kept === 0 || taken & (1 << place)) continue
      const further = match(group + 1, taken | (1 << place))
      if (kept + further.kept > found.kept)
        found = { kept: kept + further.kept, chosen: [place, ...further.chosen] }
    }
    best.set(key, found)
    return found
  }
  return match(0, 0).chosen.map((place) => (place === null ? fresh() : names[place]))
}
