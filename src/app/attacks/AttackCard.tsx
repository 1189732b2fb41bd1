/** One attack: who does what, its switches, Run, and what it came to as bars that start from nothing. */
import { type Arm, type AttackName, attackCards } from '../../lab/attacks/attack'
import { decimal, percent } from '../format'
import { Button } from '../ui/controls/Button'
import { SwitchField } from '../ui/controls/SwitchField'
import { type Language, useLanguage, useWords } from '../words/words'
import { chosenArms, runAttack, setAttacked, setDefence, stopMeasuring, useAttacks } from './attackRuns'
import styles from './attacks.module.css'

interface Props {
  readonly name: AttackName
  readonly seed: number
}

export function AttackCard({ name, seed }: Props) {
  const words = useWords().attacks
  const card = useAttacks((state) => state.cards[name])
  const underWay = useAttacks((state) => state.underWay)
  const isHere = underWay?.kind === 'attack' && underWay.name === name
  const { by, defences, always } = attackCards[name]
  const { title, does, defences: defenceWords } = words.cards[name]
  const heading = `attack-${name}`
  return (
    <article id={name} aria-labelledby={heading} className={styles.card}>
      <h3 id={heading}>{title}</h3>
      <p>{does}</p>
      <p className={styles.by}>
        {words.by}: <strong>{words.stands[by]}</strong>
      </p>
      <div className={styles.switches}>
        <SwitchField
          label={words.attack}
          checked={card.isAttacked}
          onChange={(on) => setAttacked(name, on)}
          disabled={isHere}
        />
        {defences.map((defence) => {
          const said = `${heading}-${defence}`
          return (
            <div key={defence} className={styles.defence}>
              <SwitchField
                label={defenceWords[defence].name}
                checked={card.defences.includes(defence)}
                onChange={(on) => setDefence(name, defence, on)}
                disabled={isHere || !card.isAttacked}
                describedBy={said}
              />
              <p id={said}>
                {defenceWords[defence].says}
                {(always as readonly string[]).includes(defence) && ` ${words.always}`}
              </p>
            </div>
          )
        })}
      </div>
      <Found name={name} />
      {isHere ? (
        <Button look="danger" aria-label={words.stopOf(title)} onClick={stopMeasuring}>
          {words.stop}
        </Button>
      ) : (
        <Button
          look="primary"
          aria-label={words.runOf(title)}
          disabled={underWay !== null}
          onClick={() => void runAttack(name, seed)}
        >
          {words.run}
        </Button>
      )}
    </article>
  )
}

/** The number, once for each arm that was measured, and in a sentence how far it fell. */
function Found({ name }: Pick<Props, 'name'>) {
  const { attacks: words, said } = useWords()
  const language = useLanguage()
  const { found, problem, ...switches } = useAttacks((state) => state.cards[name])
  const underWay = useAttacks((state) => state.underWay)
  const { number, defences } = words.cards[name]
  const armName = (arm: Arm): string =>
    arm === 'nobody' || arm === 'undefended' ? words.arms[arm] : defences[arm].name
  const kind = attackCards[name].number
  const shown = chosenArms(name, { ...switches, found, problem }).filter((arm) => found[arm] !== undefined)
  const before = found.undefended
  const best = shown
    .filter((arm) => arm !== 'nobody' && arm !== 'undefended')
    .reduce<Arm | null>((one, other) => (one === null || found[other]! < found[one]! ? other : one), null)
  const measuring = underWay?.kind === 'attack' && underWay.name === name ? underWay : null
  const status = (): string => {
    if (measuring) return measuring.arm === null ? words.preparing : words.measuring(armName(measuring.arm))
    if (problem !== null) return said(problem)
    if (shown.length === 0) return words.notRun
    if (before === undefined || best === null) return ''
    const [from, to] = [before, found[best]!].map((value) => numberIn(value, kind, language))
    return words.fell(from, to, armName(best))
  }
  return (
    <div className={styles.found}>
      {shown.length > 0 && (
        <figure>
          <dl className={kind === 'auc' ? styles.withChance : undefined}>
            {shown.map((arm) => (
              <div key={arm} className={styles.bar}>
                <dt>{armName(arm)}</dt>
                <dd>
                  <span
                    className={arm === 'undefended' ? styles.attacked : styles.met}
                    style={{ inlineSize: `${100 * Math.min(1, Math.max(0, found[arm]!))}%` }}
                  />
                  <b>{numberIn(found[arm]!, kind, language)}</b>
                </dd>
              </div>
            ))}
          </dl>
          <figcaption>{number}</figcaption>
        </figure>
      )}
      <p role="status" className={problem !== null && !measuring ? styles.problem : styles.status}>
        {status()}
      </p>
    </div>
  )
}

const numberIn = (value: number, kind: 'share' | 'auc', language: Language): string =>
  kind === 'auc' ? decimal(value, 2, language) : percent(value, language)
