/** The top of every page: where we are, which room this is, and the reader's own choices. */
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { shownRoom } from '../../format'
import { chooseLanguage, prefer, type Theme, usePreferences } from '../../preferences'
import { type Language, languages, useLanguage, useWords } from '../../words/words'
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
      <LanguageMenu />
      <MoreMenu onLeave={onLeave} />
      {onHelp && (
        <button type="button" className={styles.round} aria-label={words.head.help} onClick={onHelp}>
          ?
        </button>
      )}
    </header>
  )
}

/** A globe and the language's letters: whoever cannot read this page finds the way to one that can be read. */
function LanguageMenu() {
  const words = useWords()
  const language = useLanguage()
  return (
    <Menu
      className={styles.language}
      label={`${words.head.language}: ${words.language}`}
      mark={
        <>
          <svg aria-hidden="true" viewBox="-10 -10 20 20" width="20" height="20" className={styles.globe}>
            <circle r="7.6" />
            <ellipse rx="3.4" ry="7.6" />
            <path d="M-7.1-2.6H7.1M-7.1 2.6H7.1" />
          </svg>
          <span>{language.toUpperCase()}</span>
        </>
      }
    >
      <DropdownMenu.RadioGroup value={language} onValueChange={(value) => chooseLanguage(value as Language)}>
        {Object.entries(languages).map(([key, { language: name }]) => (
          <Choice key={key} value={key} lang={key}>
            {name}
          </Choice>
        ))}
      </DropdownMenu.RadioGroup>
    </Menu>
  )
}

/** Light or dark, and in a room the way out of it. */
function MoreMenu({ onLeave }: Pick<Props, 'onLeave'>) {
  const words = useWords()
  const theme = usePreferences((preferences) => preferences.theme)
  return (
    <Menu
      className={styles.round}
      label={onLeave ? `${words.head.theme}, ${words.head.leave}` : words.head.theme}
      mark={
        <svg aria-hidden="true" viewBox="-10 -10 20 20" width="20" height="20" fill="currentColor">
          {onLeave ? (
            [-6, 0, 6].map((x) => <circle key={x} cx={x} r="1.7" />)
          ) : (
            <>
              <circle r="7.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
              <path d="M0-7.2A7.2 7.2 0 0 1 0 7.2Z" />
            </>
          )}
        </svg>
      }
    >
      <DropdownMenu.Label>{words.head.theme}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => prefer({ theme: value as Theme })}>
        {themes.map((name) => (
          <Choice key={name} value={name}>
            {words.head.themes[name]}
          </Choice>
        ))}
      </DropdownMenu.RadioGroup>
      {onLeave && (
        <>
          <DropdownMenu.Separator className={styles.rule} />
          <DropdownMenu.Item onSelect={onLeave}>{words.head.leave}</DropdownMenu.Item>
        </>
      )}
    </Menu>
  )
}

interface MenuProps {
  readonly label: string
  readonly mark: ReactNode
  readonly className: string
  readonly children: ReactNode
}

const Menu = ({ label, mark, className, children }: MenuProps) => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger className={className} title={label}>
      <span className="visually-hidden">{label}</span>
      {mark}
    </DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content className={styles.menu} align="end" sideOffset={6} collisionPadding={8}>
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)

interface ChoiceProps {
  readonly value: string
  readonly lang?: string
  readonly children: ReactNode
}

const Choice = ({ children, ...props }: ChoiceProps) => (
  <DropdownMenu.RadioItem {...props}>
    {children}
    <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
  </DropdownMenu.RadioItem>
)
