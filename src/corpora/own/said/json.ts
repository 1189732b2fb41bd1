/** What is wrong with JSON, and how it is mended. As it stands behind “Line 3 of "a.json"”. */
import type { JsonFault, JsonSyntaxFault } from '../problems'

const syntaxFaults: Readonly<Record<JsonSyntaxFault, string>> = {
  comment: 'a comment stands there, and JSON has none. Remove it.',
  'trailing-comma': 'a comma stands there behind the last entry. Remove it.',
  'single-quotes':
    'a text stands in single quotes there. Put double quotes (") around all texts and names; Python writes them with json.dumps.',
  'curly-quotes':
    'a curly quote stands there, as word processors make them. Replace all around texts and names by straight ones (").',
  'foreign-blank':
    'an unusual blank stands there, as web pages and word processors make them. Replace it by a space.',
  'no-number': 'NaN or Infinity stands there, and JSON has neither. Write null instead.',
  'foreign-word':
    'a word stands there as a programming language writes it. Write true, false or null (for None or undefined), and texts in double quotes.',
  'bare-name': 'a name stands there without quotes. Put double quotes (") around all names.',
  'no-comma': 'a comma is missing behind it. Add one between the entries.',
  'no-colon': 'a colon is missing behind a name. Write "name": "text".',
  'no-value': 'a value is missing there. Write "" or null where there is none.',
  'inner-quote': 'a quote stands within a text. Put a backslash before it (\\").',
  'open-quote':
    'a text begins there and does not end on its line. Close it with a quote ("); a line break within a text is written \\n.',
  control:
    'a tab or another control character stands within a text. Write \\t for a tab, and remove the others.',
  backslash: 'a backslash stands within a text and means nothing there. Double it (\\\\).',
  brackets: 'a bracket closes there that was not opened so: { goes with }, and [ with ]. Mend the pair.',
  'cut-off':
    'it ends before all that was opened is closed. Perhaps the file was cut off: fetch or export it again, or add what is missing, such as ] or }.',
  'no-brackets':
    'several values stand one after another with commas between them. Put [ before the first and ] behind the last, or remove the commas (JSON lines).',
  'web-page':
    'it is a web page, perhaps one that says why the file could not be fetched. Open it in a browser, and fetch the file again.',
  'not-json': 'what stands there is none. Mend or remove it.',
}

const contentFaults: Readonly<Record<Exclude<JsonFault, JsonSyntaxFault>, string>> = {
  'not-an-object':
    'is not a JSON object. Every line needs one such as {"text": "..."}; mend or remove the line and try again.',
  'no-rows':
    'holds no list of rows, conversations or texts. A list such as [{"text": "..."}, ...] is read; export it in that form.',
  'no-cells':
    'is no notebook: it has no list of cells. Save it again in Jupyter, or name it .json if it is other JSON.',
  cut: 'is larger than what is read, and no list that could be read in part. Save it as JSON lines (.jsonl), or use a part of it.',
}

export const jsonFaults: Readonly<Record<JsonFault, string>> = {
  ...contentFaults,
  ...(Object.fromEntries(
    Object.entries(syntaxFaults).map(([fault, said]) => [fault, `is not valid JSON: ${said}`]),
  ) as Record<JsonSyntaxFault, string>),
}
