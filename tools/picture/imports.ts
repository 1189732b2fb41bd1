/**
 * Which room of the house imports which, read from the code itself. A room is a folder of `src/`, or `server/`. Tests and
 * fixtures are left out, as in the lint rules.
 */
import { cruise, type IReporterOutput } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'

export interface Arrow {
  readonly from: string
  readonly to: string
}

/** `src/node/tab.ts` is in `node`, `server/limits.ts` in `server`, `src/main.tsx` in no room. */
export function roomOf(path: string): string | null {
  const [, room = null] = /^(?:src\/([^/]+)\/|(?=server\/))/.exec(path) ?? []
  return room ?? (path.startsWith('server/') ? 'server' : null)
}

/** All arrows between rooms of this checkout, in the order of their names. */
export async function readArrows(): Promise<Arrow[]> {
  const options = await extractOptions('./.dependency-cruiser.cjs')
  const tsConfig = extractTsConfig('tsconfig.json')
  const { output }: IReporterOutput = await cruise(['src', 'server'], options, undefined, { tsConfig })
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text.')
  const arrows = new Map<string, Arrow>()
  for (const { source, dependencies } of output.modules)
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)]
      if (from !== null && to !== null && from !== to) arrows.set(`${from} ${to}`, { from, to })
    }
  return [...arrows].toSorted(([a], [b]) => a.localeCompare(b)).map(([, arrow]) => arrow)
}
