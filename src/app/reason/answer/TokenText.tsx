/**
 * A text whose tokens say who said them: by colour, and by name for whoever points at one or walks along them with the arrow keys.
 * What went through the layers of several tabs is nobody's own word: it is black, and underlined in the colours of all of them, so
 * that one sees where a tab was replaced. A guess that was refused stands struck out, small, before what was said instead of it: drawn
 * and not written, so whoever copies the text copies what was said. One stop for the tab key, however long the text is.
 */
import { type CSSProperties, type KeyboardEvent, memo, useId, useMemo, useState } from 'react'
import type { Asking, ShownToken } from '../../../node/reasoning/view/view'
import { useLanguage, useWords } from '../../words/words'
import { speakersIn, speakersKey } from '../figures'
import type { People } from '../people'
import styles from './answer.module.css'
import { lookOf } from './look'
import { refusalsIn } from './refusals'

interface Props {
  readonly asking: Asking
  readonly people: People
}

/** By how much an arrow moves; Home and End go to the ends. */
const moves: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

export function TokenText({ asking, people }: Props) {
  const { mode, prompt, tokens, judged, isRunning, problem } = asking
  const { reason: words } = useWords()
  const language = useLanguage()
  const id = useId()
  const [active, setActive] = useState<number | null>(null)
  const chosen = active === null ? null : (tokens[active] ?? null)
  const walk = (event: KeyboardEvent) => {
    const by = moves[event.key]
    if (by === undefined || tokens.length === 0) return
    event.preventDefault()
    const from = active ?? (by > 0 ? -1 : tokens.length)
    setActive(Math.min(tokens.length - 1, Math.max(0, from + by)))
  }
  const isSilent = tokens.length === 0
  const refusals = useMemo(() => refusalsIn(judged), [judged])
  const waiting = mode === 'cascade' ? words.comparing : words.waiting
  const goesThroughSeveral = tokens.some(({ by }) => by.length > 1)
  return (
    <>
      <div className={styles.text} aria-busy={isRunning}>
        <span className={styles.prompt}>{prompt}</span>
        {!isSilent && (
          <span
            role="listbox"
            tabIndex={0}
            aria-label={words.byToken}
            aria-orientation="horizontal"
            aria-activedescendant={chosen ? `${id}-${active}` : undefined}
            className={styles.tokens}
            onKeyDown={walk}
            onBlur={() => setActive(null)}
            onMouseLeave={() => setActive(null)}
          >
            {tokens.map((token, place) => {
              const { name, ink, line } = lookOf(token.by, people, language)
              return (
                <Token
                  // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the text
                  key={place}
                  id={`${id}-${place}`}
                  piece={token.piece}
                  place={place}
                  name={name}
                  colour={ink}
                  refused={refusals.get(place) ?? null}
                  line={line}
                  isActive={place === active}
                  onPoint={setActive}
                />
              )
            })}
          </span>
        )}
        {isRunning && <i className={styles.caret} aria-hidden="true" />}
      </div>
      {isSilent && problem === null && <p className={styles.empty}>{isRunning ? waiting : words.nothing}</p>}
      {!isSilent && (
        <>
          <p className={styles.about}>
            {chosen && active !== null
              ? about(chosen, active)
              : goesThroughSeveral
                ? words.pointSeveral
                : words.point}
          </p>
          <Speakers tokens={tokens} people={people} spoken={chosen ? speakersKey(chosen.by) : null} />
        </>
      )}
    </>
  )

  function about({ by, gap, gains, piece }: ShownToken, place: number) {
    const said = words.token(place + 1, shownPiece(piece), lookOf(by, people, language).name)
    const refused = refusals.get(place)
    const guesser =
      people.self && refused !== undefined ? words.refused(shownPiece(refused), people.self.name) : null
    const lead = by.length === 0 ? null : words.gap(gap)
    const heard = gains.flatMap(({ id, nats }) =>
      nats === null ? [] : [words.gain(people.of(id).name, nats)],
    )
    const views = heard.length > 0 ? words.gains(heard.join(', ')) : null
    return [said, lead, views, guesser].filter((part) => part !== null).join(', ')
  }
}

interface TokenProps {
  readonly id: string
  readonly piece: string
  readonly place: number
  readonly name: string
  readonly colour: string
  readonly line: string
  /** What had been guessed in its place. */
  readonly refused: string | null
  readonly isActive: boolean
  readonly onPoint: (place: number) => void
}

/** White space is seen. */
const shownPiece = (piece: string): string => piece.trim() || '␣'

const Token = memo(({ id, piece, place, name, colour, line, refused, isActive, onPoint }: TokenProps) => {
  const { reason: words } = useWords()
  const instead = refused === null ? '' : `, ${words.instead(shownPiece(refused))}`
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus
    <span
      role="option"
      id={id}
      aria-selected={isActive}
      aria-label={`${shownPiece(piece)}, ${name}${instead}`}
      data-refused={refused === null ? undefined : shownPiece(refused)}
      className={styles.token}
      style={{ '--own': colour, '--line': line } as CSSProperties}
      onMouseEnter={() => onPoint(place)}
      onTouchStart={() => onPoint(place)}
    >
      {piece}
    </span>
  )
})

interface SpeakersProps {
  readonly tokens: readonly ShownToken[]
  readonly people: People
  /** Who said the token that is pointed at: the key of its speakers. */
  readonly spoken: string | null
}

/** The legend: who said how much. */
function Speakers({ tokens, people, spoken }: SpeakersProps) {
  const { reason: words } = useWords()
  const language = useLanguage()
  return (
    <ul className={styles.speakers} aria-label={words.who}>
      {speakersIn(tokens).map(({ by, tokens: count }) => {
        const key = speakersKey(by)
        const { name, ink, swatch, tabs } = lookOf(by, people, language)
        const isSelf = by.length === 1 && people.of(by[0]).isSelf
        return (
          <li
            key={key}
            data-spoken={key === spoken || undefined}
            style={{ '--own': ink, '--swatch': swatch, '--tabs': tabs } as CSSProperties}
          >
            {words.said(isSelf ? words.you(name) : name, count)}
          </li>
        )
      })}
    </ul>
  )
}
