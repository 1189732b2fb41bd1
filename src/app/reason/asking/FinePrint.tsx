/** What a question need not say: how long, how daring, which chance, and what its mode alone can be told. */
import { mostDrafted } from '../../../node/reasoning/extras'
import { codecNames, usualExitDoubt } from '../../../node/reasoning/modes'
import { between, orAuto, whole } from '../../../settings/kinds'
import { table } from '../../../settings/table'
import { TypedField } from '../../parameters/SettingField'
import { ChoiceField } from '../../ui/controls/Field'
import { Fold } from '../../ui/Fold'
import { useWords } from '../../words/words'
import { extrasOf, type Question, revise, useDraft } from '../draft'
import styles from './asking.module.css'

const lengths = whole(1, 512)
const temperatures = between(0, 2)
const drafts = orAuto(whole(0, mostDrafted))
const risks = between(0.1, 50)
const doubts = orAuto(between(0, 1))

export function FinePrint() {
  const { reason: words } = useWords()
  const question = useDraft()
  const { tokens, temperature, seed } = question
  const hasMore = Object.keys(extrasOf(question)).length > 0
  return (
    <Fold title={hasMore ? words.fineMore : words.fine} quiet>
      <div className={styles.fine}>
        <TypedField
          label={words.tokens}
          kind={lengths}
          value={tokens}
          onChange={(value) => revise({ tokens: value })}
        />
        <TypedField
          label={words.temperature}
          hint={words.temperatureHint}
          kind={temperatures}
          value={temperature}
          onChange={(value) => revise({ temperature: value })}
        />
        <TypedField
          label={words.seed}
          kind={table.seed.kind}
          value={seed}
          onChange={(value) => revise({ seed: value })}
        />
        <OfMode question={question} />
      </div>
    </Fold>
  )
}

function OfMode({ question }: { readonly question: Question }) {
  const { mode, draft, riskPercent, doubt, codec, tiers } = question
  const words = useWords()
  const { reason } = words
  switch (mode) {
    case 'speculative':
      return (
        <>
          <DraftField value={draft} />
          <ChoiceField
            label={reason.tiers}
            value={String(tiers)}
            options={([2, 3] as const).map((count) => ({
              value: String(count),
              label: reason.tiersOf[count],
            }))}
            onChange={(value) => revise({ tiers: value === '3' ? 3 : 2 })}
          />
        </>
      )
    case 'multi-access':
      return <DraftField value={draft} />
    case 'cascade':
      return (
        <TypedField
          label={reason.risk}
          hint={reason.riskHint}
          kind={risks}
          value={riskPercent}
          onChange={(value) => revise({ riskPercent: value })}
        />
      )
    case 'early-exit':
      return (
        <TypedField
          label={reason.exit}
          hint={reason.exitHint(words.written(String(usualExitDoubt)))}
          kind={doubts}
          value={doubt}
          onChange={(value) => revise({ doubt: value })}
        />
      )
    case 'split':
      return (
        <ChoiceField
          label={reason.codec}
          value={codec}
          options={codecNames.map((name) => ({ value: name, label: reason.codecs[name] }))}
          onChange={(value) => revise({ codec: codecNames.find((name) => name === value) })}
        />
      )
    case 'alone':
    case 'pipeline':
    case 'ensemble':
    case 'mixture':
    case 'fusion':
    case 'auto':
      return null
  }
}

function DraftField({ value }: { readonly value: number | null }) {
  const { reason } = useWords()
  return (
    <TypedField
      label={reason.draft}
      hint={reason.draftHint}
      kind={drafts}
      value={value}
      onChange={(draft) => revise({ draft })}
    />
  )
}
