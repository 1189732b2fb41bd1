/** One object that holds a text and lists: it is read where it says more than they do; whatever is lost is said. */
import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'

const words = 'Remember to water the plants on the balcony.'

describe('an object is one row', () => {
  test.each([
    [
      'a note of Google Keep',
      { textContent: words, title: 'Plants', labels: [{ name: 'home' }, { name: 'garden' }] },
      'textContent',
      'labels',
    ],
    [
      'an essay with sections',
      { title: 'Plants', text: words, sections: [{ heading: 'Intro' }, { heading: 'End' }] },
      'text',
      'sections',
    ],
    [
      'a diary with comments',
      { title: 'Plants', body: words, comments: [{ text: 'nice' }] },
      'body',
      'comments',
    ],
    [
      'one within',
      { post: { body: words, by: 'Anna' }, comments: [{ text: 'nice' }] },
      'post.body',
      'comments',
    ],
  ])('%s', (_, value, column, list) => {
    const reading = read('a.json', JSON.stringify(value))
    expect(reading).toMatchObject({ form: 'columns', column, examples: { length: 1 } })
    expect(learned(reading)).toEqual([words])
    expect(reading.notes).toContainEqual({
      kind: 'nested-list',
      column: list,
      count: Object(value)[list].length,
    })
  })
})

describe('a list is read, and the text beside it is said', () => {
  test('where the list says more', () => {
    const comments = [1, 2, 3].map((id) => ({ text: `${words} Once more, for the ${id}. time.` }))
    expect(read('a.json', JSON.stringify({ body: words, comments }))).toMatchObject({
      column: 'text',
      examples: { length: 3 },
      notes: [{ kind: 'beside-list', columns: ['body'] }],
    })
  })

  test('where its name says that it is a list of rows', () => {
    const value = {
      name: 'My notes',
      description: `${words} ${words}`,
      data: [{ text: 'One.' }, { text: 'Two.' }],
    }
    expect(read('a.json', JSON.stringify(value))).toMatchObject({
      column: 'text',
      examples: { length: 2 },
      notes: [{ kind: 'beside-list', columns: ['description'] }],
    })
  })

  test('but not a name or a version', () => {
    const value = { version: 'beta', name: 'My notes', data: [{ text: 'One.' }, { text: 'Two.' }] }
    expect(read('a.json', JSON.stringify(value)).notes).toEqual([])
  })

  test('a shopping list of Google Keep is its entries', () => {
    const value = {
      title: 'Shopping',
      listContent: [{ text: 'oat milk', isChecked: true }, { text: 'tomatoes' }],
      labels: [{ name: 'home' }],
    }
    expect(learned(read('a.json', JSON.stringify(value)))).toEqual(['oat milk', 'tomatoes'])
  })
})
