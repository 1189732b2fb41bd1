/** A row of tens of thousands of logits is never gone through on a page's thread: what runs there asks the engine. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const room = (name: string): string => fileURLToPath(new URL(`../${name}/`, import.meta.url))

it.each(['reasoning', 'node', 'app'])('nothing in %s chooses among logits itself', (name) => {
  const files = readdirSync(room(name), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !file.includes('.test.'),
  )
  expect(files.length).toBeGreaterThan(20)
  const choosing = files.filter((file) =>
    /import \{[^}]*\bchoose\b[^}]*\} from '[^']*model\/sampling'/.test(
      readFileSync(room(name) + file, 'utf8'),
    ),
  )
  expect(choosing).toEqual([])
})
