/** Writes THIRD_PARTY_NOTICES.md: every package that the page or the server ships with, its licence and its text. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface LockedPackage {
  readonly version: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly license?: string
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>
}
const shipped = Object.entries(lock.packages)
  .filter(([path, { dev, optional }]) => path !== '' && !dev && !optional && existsSync(path))
  .map(([path, locked]) => ({ path, name: path.replace(/^.*node_modules\//, ''), ...locked }))
  .toSorted((a, b) => a.name.localeCompare(b.name))

const licenceText = (path: string): string => {
  const file = readdirSync(path).find((name) => /^(licen[cs]e|copying)(\.|$)/i.test(name))
  return file ? readFileSync(join(path, file), 'utf8').trim() : 'See the package.'
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** Packages that share a text word for word are named together above it. */
const byText = groupBy(shipped, ({ path }) => licenceText(path))
const sections = [...byText].map(([text, packages]) => {
  const names = packages.map(
    ({ name, version, license = 'see below' }) => `- ${name} ${version} (${license})`,
  )
  return `${names.join('\n')}\n\n\`\`\`\n${text.replaceAll('```', "'''")}\n\`\`\``
})
const head = 'Gossamer is MIT licensed (LICENSE). It ships with these packages. Written by `npm run notices`.'
writeFileSync('THIRD_PARTY_NOTICES.md', `# Third-party notices\n\n${head}\n\n${sections.join('\n\n')}\n`)
console.error(`${shipped.length} packages, ${byText.size} texts`)
