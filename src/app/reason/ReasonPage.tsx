/**
 * The screen on which tabs reason together: a question, who answers it and how, the answer in the colours of those who said it, who
 * holds what meanwhile, and what that costs.
 */
import { useNode, useNodeState } from '../node'
import { Problems } from '../problems'
import { Page } from '../ui/page/Page'
import { useWords } from '../words/words'
import { Announcements } from './Announcements'
import { AnswerPanel } from './answer/AnswerPanel'
import { QuestionPanel } from './asking/QuestionPanel'
import { Consent } from './Consent'
import { FiguresPanel } from './costs/FiguresPanel'
import { Happened } from './costs/Happened'
import { CrewPanel } from './crew/CrewPanel'
import { useEscape } from './escape'
import { useLookingAround } from './lookingAround'
import { usePeople } from './people'
import styles from './ReasonPage.module.css'
import { SightCard } from './views/SightCard'

export function ReasonPage() {
  const words = useWords()
  const people = usePeople()
  const asking = useNodeState(({ reasoning }) => reasoning.asking)
  useLookingAround()
  useEscape(asking?.isRunning ?? false, useNode().stopAsking)
  return (
    <Page wide>
      <header className={styles.head}>
        <h1>{words.reason.title}</h1>
        <p>{words.reason.lead}</p>
      </header>
      <Problems />
      <div className={styles.screen}>
        <QuestionPanel className={styles.question} />
        <div className={styles.answer}>
          <AnswerPanel asking={asking} people={people} />
          <CrewPanel asking={asking} people={people} />
          <div className={styles.below}>
            <FiguresPanel asking={asking} people={people} />
            <Happened asking={asking} people={people} />
          </div>
        </div>
        <div className={styles.consent}>
          <SightCard />
          <Consent />
        </div>
      </div>
      <Announcements asking={asking} people={people} />
    </Page>
  )
}
