/** How this tab's own training goes: loss, step, speed, and what it runs on. */
import { type CSSProperties, useMemo } from 'react'
import { lossIn } from '../format'
import { useNodeState } from '../node'
import { Panel } from '../ui/page/Panel'
import { useLanguage, useWords } from '../words/words'
import styles from './MyTraining.module.css'

export function MyTraining() {
  const words = useWords()
  const language = useLanguage()
  const self = useNodeState((state) => state.devices.find(({ isSelf }) => isSelf))
  const round = useNodeState((state) => state.round)
  const backend = useNodeState((state) => state.backend)
  const speed = useNodeState((state) => state.tokensPerSecond)
  const sent = useNodeState((state) => state.bytes.sent)
  const share = useMemo(() => (self && self.steps > 0 ? self.step / self.steps : 0), [self])
  if (!self) return null
  const title = round.number > 0 ? words.run.round(round.number, round.of) : words.run.before
  return (
    <Panel title={words.own.training} aside={<span className={styles.round}>{title}</span>}>
      <div className={styles.bar} style={{ '--share': share } as CSSProperties}>
        <span>{self.steps > 0 ? words.own.step(self.step, self.steps) : ''}</span>
      </div>
      <dl className={styles.figures}>
        <div>
          <dt>{words.own.localLoss}</dt>
          <dd>{lossIn(self.trainLoss, language)}</dd>
        </div>
        <div>
          <dt>{words.run.speed}</dt>
          <dd>{speed === null ? words.web.nothing : words.tokensPerSecond(speed)}</dd>
        </div>
        <div>
          <dt>{words.web.sent}</dt>
          <dd>{words.bytes(sent)}</dd>
        </div>
        <div>
          <dt>{words.own.backend}</dt>
          <dd>
            {backend ? backend.name : words.web.nothing}
            {backend && <small>{words.said(backend.device)}</small>}
            {backend?.speaksOn && <small>{words.own.speaksOn(backend.name, backend.speaksOn)}</small>}
          </dd>
        </div>
      </dl>
      {self.assigned && <p>{words.assigned.own(self.assigned.steps, self.assigned.batch)}</p>}
      {self.refused && <p className={styles.refused}>{words.own.rejected(self.refused)}</p>}
    </Panel>
  )
}
