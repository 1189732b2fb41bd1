/**
 * The rules of reasoning together. They are exact on a virtual clock, so they are no experiments with files of their own but tests that
 * fail where a rule is broken; the figures beside them are those of the command that is named.
 */
import { table } from './figures'

const bench = '`npm run bench -- reasoning`'
const test = (file: string) => `\`GOSSAMER_FULL=1 npx vitest run src/lab/reasoning/${file}.test.ts\``

const rules: readonly (readonly [rule: string, figure: string, command: string])[] = [
  [
    'Pipeline: each stage killed at every token of a 40-token text, double kills, kills in recovery, a dead asker: no differing id',
    '0 of 520 schedules with 877 deaths',
    test('lossless/pipeline'),
  ],
  [
    'Pipeline: at most 25 % fewer tokens/s than alone at zero link cost',
    '22 % with 3 tabs, 15 % with 2',
    bench,
  ],
  [
    'Ensemble: perplexity ≥ 10 % below the best member on mixed domains, ≤ 2 % worse on one; ≤ 150 bytes a token and member; half of the questions for ≤ 1 %',
    '32 % below, 0.8 % worse; 149 bytes; 47 % asked at −0.4 %',
    test('ensembles/ensemble'),
  ],
  [
    'Lossless modes of device and edge: 20 prompts, greedy and 0.9, hedged or not, an edge killed: the ids of one tab',
    'no differing id',
    test('vertical/vertical'),
  ],
  [
    'Guessing against asking for every token: ≥ 1.4 × at 20 ms, ≥ 1.8 × at 80 ms, ≤ 25 bytes a token',
    '1.9 ×, 3.4 ×, 12 and 9 bytes',
    bench,
  ],
  ['At least 2.5 tokens a round of 4 guesses', '3.3', bench],
  [
    'Cascade: ≤ 30 % asked at ≥ 97 % agreement; believed tokens err at most as stated',
    '26 % asked, 99 % agree; 1.2 % err at a stated 3 %',
    test('vertical/vertical'),
  ],
  ['Early exit: ≥ 25 % of layers for ≤ 2 % of perplexity', '34 % for 1.1 %', bench],
  [
    'Rows of a cut: KL < 1e-5 as halves, < 1e-2 as bytes; perplexity within 0.1 % and 1 %',
    '3.7e-7, 2.8e-5; 0.04 %',
    test('vertical/split'),
  ],
  [
    'The cut is within 5 % of the fastest of all, as measured',
    'within 5 % in four rooms',
    test('vertical/split'),
  ],
  [
    'Several edges: p99 ≤ 0.35 × chance and ≤ 0.75 × turns; ≤ 8 % asked twice',
    '0.11 ×, 0.21 ×; 3.5 %',
    test('edges/queues'),
  ],
  [
    'Auto: at most 10 % slower than the best lossless mode with hindsight, over ten drawn sets of links, speeds and loads; the ids of one tab',
    'at most 7 %; no differing id',
    test('lossless/auto'),
  ],
  [
    'Fusion: independent views are Bayes exactly (1e-6); one view left is that tab alone; no packet holds a view',
    '1e-6; the same ids; none',
    '`npx vitest run src/reasoning/core/laws/fusion.test.ts src/lab/reasoning/ensembles/fusion.test.ts`',
  ],
  [
    'Four people’s drafts in one pass ≥ 2 × as fast as one after the other, unpadded',
    '2.0 × (4 × 5 rows), 1.9 × (4 × 4): missed there by 3 %, since four rows already fill the registers',
    '`npm run bench -- together`',
  ],
]

export const reasoningSection = (): string =>
  [
    '## Reasoning together',
    'What several tabs make together, on `seedling` and a virtual clock. Each rule is a test; what the words mean is in [reasoning.md](reasoning.md).',
    table(['rule', 'figure', 'command'], rules),
  ].join('\n\n')
