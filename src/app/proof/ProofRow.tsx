/** One row: which way it is, its text as it grows, what that cost, and whether it is the same as the first. */
import { useId } from 'react'
import type { RowName } from '../../node/reasoning/proof/rows'
import {
  isWhole,
  type Judgement,
  judgementOf,
  type Proof,
  type Row,
} from '../../node/reasoning/proof/verdict'
import { useTelling } from '../reason/costs/telling'
import { tellingsOf } from '../reason/costs/tellings'
import type { People } from '../reason/people'
import { useWords } from '../words/words'
import { ProofText } from './ProofText'
import styles from './proof.module.css'
import { RowFigures } from './RowFigures'
import { type Look, lookOf, useLookName, useRowName, useWhy } from './sayings'

interface Props {
  readonly name: RowName
  /** From 1. */
  readonly number: number
  /** Null before the first run. */
  readonly proof: Proof | null
  readonly people: People
}

export function ProofRow({ name, number, proof, people }: Props) {
  const id = useId()
  const { proof: words } = useWords()
  const nameOf = useRowName()
  const nameOfLook = useLookName()
  const row = proof?.rows.find((one) => one.name === name) ?? null
  const judgement = proof && row ? judgementOf(proof, row) : null
  const look = lookOf(row, judgement)
  const { title, lead } = nameOf(name, row, proof?.self ?? '')
  const parts = judgement?.kind === 'differs' ? judgement : null
  return (
    <li aria-labelledby={id} data-look={look} className={styles.row}>
      <i className={styles.number} aria-hidden="true">
        {marks[look] ?? number}
      </i>
      <header>
        <h2 id={id}>
          <span className="visually-hidden">{words.row(number)}: </span>
          {title}
        </h2>
        <p className={styles.lead}>{lead}</p>
      </header>
      <div className={styles.body}>
        {row?.asking && <ProofText asking={row.asking} people={people} partsAt={parts?.at ?? null} />}
        {row && <Happening row={row} people={people} />}
        {parts && <Parting parting={parts} />}
        {row && proof && <RowFigures row={row} self={proof.self} people={people} />}
      </div>
      <footer>
        <strong className={styles.state}>{proof ? nameOfLook(look) : ''}</strong>
        {row && isWhole(row) && (
          <span>
            <span className="visually-hidden">{words.hash} </span>
            <code title={row.asking.hash}>{row.asking.hash.slice(0, 12)}</code>
          </span>
        )}
      </footer>
    </li>
  )
}

/** In place of its number. */
const marks: Partial<Record<Look, string>> = {
  same: '=',
  first: '=',
  differs: '≠',
  excused: '≈',
  unproven: '–',
}

/** Why it did not run; whoever was lost or found out besides the tab that the proof has closed. */
function Happening({
  row: { state, asking, closed },
  people,
}: {
  readonly row: Row
  readonly people: People
}) {
  const tell = useTelling(people)
  const whyOf = useWhy(people)
  const told = tellingsOf(asking?.incidents ?? []).filter(
    (one) => one.kind === 'liar' || (one.kind === 'lost' && one.id !== closed?.peer),
  )
  return (
    <>
      {state.kind === 'unproven' && <p className={styles.why}>{whyOf(state.why)}</p>}
      {told.length > 0 && <p className={styles.happening}>{told.map(tell).join(' ')}</p>}
    </>
  )
}

type Differing = Extract<Judgement, { kind: 'differs' }>

function Parting({ parting }: { readonly parting: Differing }) {
  const { proof: words } = useWords()
  const { at, first, here, roundOtherwise, isExcused } = parting
  const [there, own] = [first, here].map(({ word }) => word ?? words.over)
  const [gapThere, gapHere] = [first, here].map(({ gap }) => (gap === null ? words.noGap : words.gap(gap)))
  return (
    <p className={styles.parting}>
      <strong>{words.parting(at + 1, there, own)}</strong> {words.gaps(gapThere, gapHere)}{' '}
      {isExcused ? words.nearTie : roundOtherwise ? words.otherArithmetic : words.sameArithmetic}
    </p>
  )
}
