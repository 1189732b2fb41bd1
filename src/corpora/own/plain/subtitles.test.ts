import { describe, expect, test } from 'vitest'
import { learned, read } from '../testing'

/** As YouTube writes what its machines heard: every line comes up, stands still, and moves up. */
const rolling = `WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
 
hello<00:00:00.500><c> everybody</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
hello everybody
 

00:00:02.010 --> 00:00:04.000 align:start position:0%
hello everybody
welcome<00:00:02.500><c> back</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
welcome back
 

00:00:04.010 --> 00:00:06.000 align:start position:0%
welcome back
to<00:00:04.500><c> Riga</c>

`
const cue = (second: number, ...lines: string[]) =>
  [`00:00:0${second}.000 --> 00:00:0${second + 1}.000`, ...lines, '', ''].join('\n')
const vtt = (...cues: string[]) => `WEBVTT\n\n${cues.join('')}`

describe('captions that roll', () => {
  test('are read once, as YouTube writes them', () => {
    const reading = read('talk.vtt', rolling)
    expect(learned(reading)).toEqual(['hello everybody welcome back to Riga'])
    expect(reading.notes).toContainEqual({ kind: 'rolling-captions', count: 4 })
    const four = rolling.slice(0, rolling.indexOf('00:00:04.010 --> '))
    expect(learned(read('talk.vtt', four))).toEqual(['hello everybody welcome back'])
  })

  test('are read once as .srt, too, by two lines or by three', () => {
    const srt = (...cues: string[][]) =>
      cues.map((lines, index) => `${index + 1}\n${cue(index, ...lines).replaceAll('.000', ',000')}`).join('')
    const two = srt(['one'], ['one', 'two'], ['two', 'three'], ['three', 'four.'])
    const three = srt(['one'], ['one', 'two'], ['one', 'two', 'three'], ['two', 'three', 'four.'])
    for (const text of [two, three]) expect(learned(read('a.srt', text))).toEqual(['one two three four.'])
  })

  test('may grow word by word', () => {
    const text = vtt(
      cue(0, 'one'),
      cue(1, 'one two'),
      cue(2, 'one two three'),
      cue(3, 'one two three', 'four'),
    )
    expect(learned(read('a.vtt', text))).toEqual(['one two three four'])
  })

  test('are not what somebody says twice', () => {
    const text = vtt(cue(0, 'No.'), cue(1, 'No.'), cue(2, 'Who?'), cue(3, 'Me.'), cue(4, 'Me and you.'))
    const reading = read('a.vtt', text)
    expect(learned(reading)).toEqual(['No.', 'No.', 'Who?', 'Me.', 'Me and you.'])
    expect(reading.notes).toEqual([{ kind: 'subtitles' }])
    const chant = vtt(...[0, 1, 2, 3, 4, 5].map((second) => cue(second, 'Go!')))
    expect(learned(read('a.vtt', chant))).toHaveLength(6)
  })
})

describe('a cue', () => {
  test('goes on behind a blank line', () => {
    expect(learned(read('a.srt', `1\n${cue(0, 'One', '', 'and two.')}2\n${cue(1, 'Three.')}`))).toEqual([
      'One and two.',
      'Three.',
    ])
  })

  test('has a name, or a note before it, which nobody says', () => {
    const text = vtt(
      'NOTE by Anna\nof yesterday\n\n',
      'opening\n',
      cue(0, '<v Anna>Hello.'),
      'STYLE\n::cue { color: red }\n\n',
      '12\n',
      cue(1, 'Good.'),
    )
    expect(learned(read('a.vtt', text))).toEqual(['Hello.', 'Good.'])
  })

  test('may say a number', () => {
    expect(learned(read('a.vtt', vtt(cue(0, 'How many?'), cue(1, '12'), cue(2, 'Good.'))))).toEqual([
      'How many?',
      '12 Good.',
    ])
  })
})
