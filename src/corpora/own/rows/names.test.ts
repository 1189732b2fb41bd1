/** What columns are called tells which text is meant, in whatever way a name is written; what is left aside is said. */
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n')

describe('posts of Reddit', () => {
  const post = (id: number, selftext: string) => ({
    name: `t3_${id}`,
    title: `A rather long title that says nearly all there is to say, number ${id}`,
    selftext,
    score: id,
  })
  const posts = [post(1, 'My moss went brown.'), post(2, ''), post(3, '[removed]'), post(4, 'When to repot?')]

  test('are what stands in `selftext`, not their titles, and these are named', () => {
    const reading = read('posts.jsonl', lines(...posts))
    expect(reading).toMatchObject({
      form: 'columns',
      column: 'selftext',
      leftOut: [
        { count: 1, reason: { kind: 'no-value', column: 'selftext' } },
        { count: 1, reason: { kind: 'no-words' } },
      ],
      notes: [{ kind: 'other-text', column: 'selftext', others: ['title'] }],
    })
    expect(learned(reading)).toEqual(['My moss went brown.', 'When to repot?'])
  })

  test('and comments on them, which have a `body`, are read together', () => {
    const reading = read(
      'all.jsonl',
      lines(posts[0], { name: 't1_1', body: 'Give it shade.' }, posts[3], { body: '[deleted]' }),
    )
    expect(learned(reading)).toEqual(['My moss went brown.', 'Give it shade.', 'When to repot?'])
    expect(reading.notes).toContainEqual({ kind: 'instead', column: 'selftext', instead: 'body', count: 2 })
    expect(reading.leftOut).toEqual([{ count: 1, reason: { kind: 'no-words' } }])
  })

  test('from Reddit’s own listing, where the same text stands in HTML beside it', () => {
    const listing = {
      kind: 'Listing',
      data: {
        children: posts.slice(0, 1).map((each) => ({
          kind: 't3',
          data: {
            ...each,
            selftext_html: '&lt;div class="md"&gt;&lt;p&gt;My moss went brown.&lt;/p&gt;&lt;/div&gt;',
          },
        })),
      },
    }
    expect(read('r.json', JSON.stringify(listing))).toMatchObject({
      column: 'data.selftext',
      examples: { length: 1 },
    })
  })
})

describe('the column', () => {
  const short = (name: string) => `A short ${name}.`
  test.each([
    ...[
      'description',
      'abstract',
      'article',
      'review',
      'comment',
      'message',
      'caption',
      'content',
      'body',
      'post',
    ],
    ...[
      'summary',
      'transcript',
      'lyrics',
      'story',
      'essay',
      'tweet',
      'feedback',
      'Beschreibung',
      'Nachricht',
      'Rezension',
    ],
    ...['review_text', 'BodyHtml', 'Comment (text)', 'message.content', 'article_markdown'],
  ])('%s is meant before a longer title and other short texts', (name) => {
    const rows = [1, 2, 3].map((id) => ({
      title: `A title that is longer than what is written below it, number ${id}`,
      seller: `Anna and sons ${id}`,
      [name]: `${short(name)} ${id}`,
    }))
    expect(read('a.csv', Papa.unparse(rows)).column).toBe(name)
  })

  test.each<[string, string, string]>([
    ['product_title', 'review_headline', 'review_body'],
    ['productTitle', 'reviewerName', 'reviewText'],
    ['Product title', 'Product subject', 'Customer comment'],
    ['artikel_titel', 'buchtitel', 'kunden_bewertung_text'],
  ])('of several words is told by the last of them: %s, %s and %s', (title, headline, body) => {
    const long =
      'A very long product title that goes on and on and on with many many words in it for searching'
    const rows = ['Loved it', 'Broke', 'It does what it should and nothing else'].map((words, index) => ({
      id: `R${index}`,
      [title]: `${long} ${index}`,
      [headline]: `Bad ${index}`,
      [body]: words,
    }))
    expect(read('a.csv', Papa.unparse(rows)).column).toBe(body)
  })

  test('in which people write sentences comes before lists of words, whatever it is called', () => {
    const rows = ['It broke at once. I want my money back.', 'Nice! I take another one for my mother.'].map(
      (said, index) => ({
        thing: `Lamp, steel, LED 5 W, warm white, two screws, ${index}`,
        opinion: said,
      }),
    )
    const reading = read('a.csv', Papa.unparse(rows))
    expect(reading.column).toBe('opinion')
    expect(reading.notes).toEqual([{ kind: 'other-text', column: 'opinion', others: ['thing'] }])
  })

  test('is not told by a name of mere signs, nor by questions', () => {
    const signs = ['__,words', 'hello one two,long words in this one here', 'hello three,more words']
    expect(read('a.csv', signs.join('\n')).column).toBe('words')
    const asked = [1, 2].map((index) => ({
      thread: `How do I do it ${index} times?`,
      reply: 'In the other way which is longer',
    }))
    expect(read('a.jsonl', lines(...asked)).column).toBe('reply')
  })

  test('with much more text is meant all the same', () => {
    const rows = [1, 2].map((id) => ({
      caption: `Rain ${id}.`,
      thoughts: 'It fell all day on the roof. '.repeat(9),
    }))
    expect(read('a.csv', Papa.unparse(rows)).column).toBe('thoughts')
  })

  test('that is not there in some rows has a stand-in only where both never stand side by side', () => {
    const rows = lines(
      { text: 'One.' },
      { content: 'Two.' },
      { text: 'Three.', comment: 'Mine.' },
      { comment: 'Four.' },
    )
    const reading = read('a.jsonl', rows)
    expect(learned(reading)).toEqual(['One.', 'Two.', 'Three.'])
    expect(reading.notes).toContainEqual({ kind: 'instead', column: 'text', instead: 'content', count: 1 })
    expect(reading.leftOut).toEqual([{ count: 1, reason: { kind: 'no-value', column: 'text' } }])
  })
})

describe('question and answer', () => {
  test.each([
    ['question', 'answer_html'],
    ['question_text', 'answer_text'],
    ['Question (HTML)', 'Answer (HTML)'],
    ['questionBody', 'answerBody'],
    ['prompt_text', 'response.text'],
    ['question', 'accepted_answer'],
    ['instruction', 'output_markdown'],
  ])('are known in whatever way they are written: %s, %s', (asked, answered) => {
    const csv = Papa.unparse(
      [1, 2].map((id) => ({ id, [asked]: `<p>Who is ${id}?</p>`, [answered]: `<p>Anna <b>${id}</b>.</p>` })),
    )
    expect(read('a.csv', csv)).toMatchObject({
      form: 'prompt-answer',
      column: answered,
      examples: [{ prompt: 'Who is 1?\n\n', completion: 'Anna 1.' }, {}],
    })
  })

  test('written just so come first', () => {
    const rows = lines({
      question: 'Who?',
      answer_html: '<p>Anna.</p>',
      answer: 'Anna.',
      context_html: '<i>',
      context: 'A tale.',
    })
    expect(read('a.jsonl', rows)).toMatchObject({
      column: 'answer',
      examples: [{ prompt: 'Who?\n\nA tale.\n\n' }],
    })
  })
})
