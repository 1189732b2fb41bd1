/**
 * Every sentence that is written where models, text and engines refuse something, taken from the source itself: a new one that German
 * does not know is found here, and so is one that was changed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'vite'
import { describe, expect, it } from 'vitest'
import { inGerman } from './german'

/** Words that hardly any English sentence does without, and no German one has. */
const english =
  /\b(the|this|that|it|its|is|are|of|and|with|without|cannot|has|have|holds|names|choose|download|must|no|not|to)\b/i

/** Whose message the page shows, and what makes one of a part of a sentence. */
const speakers = [
  ...[
    'ModelError',
    'SafetensorsError',
    'Unreachable',
    'Offline',
    'BackendError',
    'OutOfMemory',
    'MachineLost',
    'Stuck',
    'onRemark',
  ],
  ...['Diverged', 'CompressionError', 'BadFrame', 'BadPacket', 'Refused', 'refuse', 'problem', 'super'],
  ...['Unanswerable', 'UnseenPicture'],
]
/** Said on a terminal only, or by tests; or never thrown at anybody. */
const elsewhere = /\.test\.ts$|testing\.ts$|fixtures|directory\.ts$|headless\.ts$|model\/peft|topk\.ts$/

/** A sentence that stands in a variable, and one more: what they are together is not known here. */
const goesOn = /^7(: 7| 7 \(7\)\.)? \p{Lu}/u

/** Each with a number where a value stands. */
const sentences = [
  'model',
  'training',
  'kernels',
  'federation/compression',
  'network/letters',
  'node',
  'reasoning',
  'corpora/pictures',
].flatMap((room) => {
  const directory = join(import.meta.dirname, '../../../', room)
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((name) => name.endsWith('.ts') && !elsewhere.test(name))
    .flatMap(sentencesIn)
})

describe('German', () => {
  it('finds the sentences in the source', () => {
    expect(sentences.length).toBeGreaterThan(120)
    expect(sentences).toContain('The weights hold "7" twice. Download the model again.')
  })

  it.each([...new Set(sentences)])('knows “%s”', (sentence) => {
    expect(inGerman(sentence)).not.toMatch(english)
  })
})

function sentencesIn(path: string): string[] {
  const found: string[] = []
  const listen = ({ callee, arguments: said }: ESTree.CallExpression | ESTree.NewExpression): void => {
    if (speakers.includes(nameOf(callee))) for (const argument of said) found.push(...textsOf(argument))
  }
  const { program } = parseSync(path, readFileSync(path, 'utf8'))
  new Visitor({ CallExpression: listen, NewExpression: listen }).visit(program)
  return found.filter((text) => text.includes(' ') && !goesOn.test(text))
}

function nameOf(callee: ESTree.Expression): string {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type === 'Super') return 'super'
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
    ? callee.property.name
    : ''
}

function textsOf(said: ESTree.Argument): string[] {
  if (said.type === 'Literal') return typeof said.value === 'string' ? [said.value] : []
  if (said.type === 'TemplateLiteral') return [said.quasis.map(({ value }) => value.cooked).join('7')]
  return said.type === 'ConditionalExpression'
    ? [...textsOf(said.consequent), ...textsOf(said.alternate)]
    : []
}
