/** What the question's arms came to, in one sentence with their numbers, as soon as they are through. */
import type { Verdict } from '../../../lab/lessons'
import type { LabPresetName } from '../../../lab/presets'
import { decimal } from '../../format'
import type { Words } from '../../words/en'
import { useLanguage, useWords } from '../../words/words'
import { useRuns } from '../runs'
import { verdictIn } from '../verdicts'
import styles from './figures.module.css'

export function VerdictLine({ question }: { readonly question: LabPresetName }) {
  const words = useWords()
  const language = useLanguage()
  const runs = useRuns((state) => state.runs)
  const verdict = verdictIn(runs, question)
  return (
    <p role="status" className={verdict ? styles.verdict : styles.noVerdict}>
      {verdict
        ? inWords(words, verdict, (loss) => decimal(loss, 3, language))
        : words.lab.verdict.none[question]}
    </p>
  )
}

/** Nearer than this two losses are the same for whoever looks at a chart. */
const negligible = 0.005

export function inWords(
  { lab, bytes, change, duration, percent }: Words,
  verdict: Verdict,
  loss: (value: number) => string,
): string {
  const { verdict: words } = lab
  switch (verdict.kind) {
    case 'averaging': {
      const numbers = [verdict.loss, verdict.alone, verdict.centralised].map(loss) as [string, string, string]
      return verdict.loss < verdict.alone && verdict.alone > verdict.centralised
        ? words.averagingHelps(...numbers, percent(verdict.share))
        : words.averagingFails(...numbers)
    }
    case 'clusters': {
      const { own, common, clusters } = verdict
      const found = clusters ? words.found(clusters.count, clusters.ari) : ''
      if (Math.abs(own - common) < negligible) return words.clustersEqual(loss(own), loss(common), found)
      return own < common
        ? words.clustersHelp(loss(own), loss(common), found)
        : words.clustersFail(loss(own), loss(common), found)
    }
    case 'waiting': {
      const { withoutWaiting, waiting } = verdict
      const said = [loss(verdict.loss), duration(withoutWaiting), duration(waiting)] as const
      return withoutWaiting < waiting
        ? words.waitingCosts(...said, waiting / withoutWaiting)
        : words.waitingPays(...said)
    }
    case 'uplink': {
      const said = [
        bytes(verdict.bytes),
        bytes(verdict.flatBytes),
        loss(verdict.loss),
        loss(verdict.flatLoss),
      ] as const
      return verdict.bytes < verdict.flatBytes
        ? words.edgesSave(percent(1 - verdict.bytes / verdict.flatBytes), ...said)
        : words.edgesCost(...said)
    }
    case 'doubt': {
      const said = [verdict.loss, verdict.trusting, verdict.base].map(loss) as [string, string, string]
      return verdict.loss < verdict.trusting - negligible
        ? words.doubtPays(...said)
        : words.doubtFails(...said)
    }
    case 'masks': {
      const more = change(verdict.bytes / verdict.plainBytes - 1)
      return words.masksCost(more, bytes(verdict.bytes), loss(verdict.loss), loss(verdict.plainLoss))
    }
    case 'leaderless': {
      const said = [loss(verdict.loss), loss(verdict.led)] as const
      return verdict.loss < verdict.led + negligible
        ? words.leaderlessArrives(...said)
        : words.leaderlessLags(...said, percent(Math.max(0, verdict.share)))
    }
  }
}
