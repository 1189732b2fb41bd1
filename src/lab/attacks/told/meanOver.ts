/** Of what an attack finds at each device, one after the other. */
export async function meanOver<Item>(
  items: readonly Item[],
  found: (item: Item, at: number) => Promise<number>,
): Promise<number> {
  let sum = 0
  for (const [at, item] of items.entries()) sum += await found(item, at)
  return sum / items.length
}
