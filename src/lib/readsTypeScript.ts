/** A script, for a thread of Node, that runs a file: a thread does not inherit how this one reads TypeScript, and learns it first. */
export function readsTypeScript(file: URL): string {
  const tsx = import.meta.resolve('tsx/esm/api')
  return `import('${tsx}').then(({ register }) => { register(); return import('${file}') })`
}
