/** The first page: what this is in one sentence, alive, and the three ways in. */
import { defaultSettings, settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { PageHead } from '../ui/page/PageHead'
import { useWords } from '../words/words'
import { Illustration } from './Illustration'
import { JoinForm } from './JoinForm'
import styles from './Landing.module.css'
import { OpenForm } from './OpenForm'

/** Of a wall that is opened for a proof: it needs three others, and one more may be away. */
const wallTabs = 4

/** @param settings what the address says: a screen that there is only in a room is told of */
export function Landing({ settings }: { readonly settings: Settings }) {
  const words = useWords()
  return (
    <>
      <PageHead />
      <main id="content" tabIndex={-1} className={styles.page}>
        <div className={styles.hero}>
          <h1>{words.tagline}</h1>
          <p className={styles.lead}>{words.landing.lead}</p>
          {settings.view === 'proof' && <ProofNote settings={settings} />}
          <Notes />
        </div>
        <JoinForm className={styles.join} />
        <OpenForm className={styles.open} />
        <div className={styles.picture}>
          <Illustration />
        </div>
        <div className={styles.others}>
          <a href="/?wall=4&preset=facts" className={styles.wall}>
            <WallPicture />
            <span>
              <strong>{words.landing.wall}</strong>
              <small>{words.landing.wallLead}</small>
            </span>
          </a>
          <a href="/?view=lab&preset=stragglers" className={styles.wall}>
            <LabPicture />
            <span>
              <strong>{words.lab.link}</strong>
              <small>{words.lab.linkLead}</small>
            </span>
          </a>
          <a href="/?view=attacks" className={styles.wall}>
            <AttacksPicture />
            <span>
              <strong>{words.attacks.link}</strong>
              <small>{words.attacks.linkLead}</small>
            </span>
          </a>
        </div>
        <ul className={styles.points}>
          {words.landing.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </main>
    </>
  )
}

/** What this browser cannot do here, said before it matters. */
function Notes() {
  const words = useWords()
  const note = !isSecureContext ? words.notes.insecure : 'gpu' in navigator ? null : words.notes.noGpu
  return note && defaultSettings.backend === 'auto' ? <p className={styles.note}>{note}</p> : null
}

/** A proof was asked for, and there are no tabs to make it: a wall has some, and asks what the address asks. */
function ProofNote({ settings }: { readonly settings: Settings }) {
  const { landing } = useWords()
  return (
    <p className={styles.note}>
      {landing.proofNeedsRoom}{' '}
      <a href={`/?${settingsToSearch({ ...settings, wall: wallTabs })}`}>{landing.proofOnWall}</a>
    </p>
  )
}

function LabPicture() {
  return (
    <svg aria-hidden="true" viewBox="0 0 60 44" width="60" height="44" fill="none" stroke="currentColor">
      <path d="M4 2V40H58" />
      <path d="M5 6C14 30 28 34 57 35" />
      <path d="M5 6C20 14 34 22 57 25" strokeDasharray="4 3" />
    </svg>
  )
}

function AttacksPicture() {
  return (
    <svg aria-hidden="true" viewBox="0 0 60 44" width="60" height="44" fill="none" stroke="currentColor">
      <path d="M30 2L50 9V22C50 32 42 38 30 42C18 38 10 32 10 22V9Z" />
      <path d="M2 16L24 22M2 22H24M2 28L24 22" />
    </svg>
  )
}

function WallPicture() {
  return (
    <svg aria-hidden="true" viewBox="0 0 60 44" width="60" height="44" fill="none" stroke="currentColor">
      <rect x="1" y="1" width="36" height="42" rx="3" />
      <rect x="40" y="1" width="19" height="9" rx="2" />
      <rect x="40" y="12" width="19" height="9" rx="2" />
      <rect x="40" y="23" width="19" height="9" rx="2" />
      <rect x="40" y="34" width="19" height="9" rx="2" />
    </svg>
  )
}
