/** The top of every page: where we are, which room this is, and the reader's own choices. */
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { shownRoom } from '../../format'
import { prefer, type Theme, usePreferences } from '../../preferences'
import { type Language, languages, useWords } from '../../words/words'
import { Logo } from './Logo'
import styles from './PageHead.module.css'

const themes: readonly Theme[] = ['auto', 'light', 'dark']

interface Props {
  readonly room?: string
  readonly onHelp?: () => void
  readonly onLeave?: () => void
  readonly children?: ReactNode
}

export function PageHead({ room, onHelp, onLeave, children }: Props) {
  const words = useWords()
  const { theme, language } = usePreferences()
  return (
    <header className={styles.head}>
      <a href="#content" className={styles.skip}>
        {words.head.skip}
      </a>
      <a href="/" className={styles.home} aria-label={words.head.home}>
        <Logo />
        <span>Gossamer</span>
      </a>
      <div className={styles.middle}>{children}</div>
      {room && (
        <p className={styles.room}>
          <span>{words.head.room}</span> <strong>{shownRoom(room)}</strong>
        </p>
      )}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          className={styles.round}
          aria-label={`${words.head.language}, ${words.head.theme}`}
        >
          <svg aria-hidden="true" viewBox="-10 -10 20 20" width="20" height="20">
            <circle r="7.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
            <path d="M0-7.2A7.2 7.2 0 0 1 0 7.2Z" fill="currentColor" />
          </svg>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className={styles.menu} align="end" sideOffset={6} collisionPadding={8}>
            <DropdownMenu.Label>{words.head.language}</DropdownMenu.Label>
            <DropdownMenu.RadioGroup
              value={language}
              onValueChange={(value) => prefer({ language: value as Language })}
            >
              {Object.entries(languages).map(([key, { language: name }]) => (
                <DropdownMenu.RadioItem key={key} value={key} lang={key}>
                  {name}
                  <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
            <DropdownMenu.Label>{words.head.theme}</DropdownMenu.Label>
            <DropdownMenu.RadioGroup
              value={theme}
              onValueChange={(value) => prefer({ theme: value as Theme })}
            >
              {themes.map((name) => (
                <DropdownMenu.RadioItem key={name} value={name}>
                  {words.head.themes[name]}
                  <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
            {onLeave && (
              <>
                <DropdownMenu.Separator className={styles.rule} />
                <DropdownMenu.Item onSelect={onLeave}>{words.head.leave}</DropdownMenu.Item>
              </>
            )}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {onHelp && (
        <button type="button" className={styles.round} aria-label={words.head.help} onClick={onHelp}>
          ?
        </button>
      )}
    </header>
  )
}
