/** German for why a model is not found or does not arrive: its name, folders, downloads (`src/model/source/`). */
import type { Sentences } from './said'

export const found: Sentences = [
  [
    '"{model}" is no model\'s name. Write a model of this server, such as toy, owner/name of one on huggingface.co, or local:name of a folder that was dropped here.',
    '„{model}“ ist kein Name eines Modells. Schreibe ein Modell dieses Servers wie toy, owner/name für eines auf huggingface.co, oder local:name für einen Ordner, der hier abgelegt wurde.',
  ],
  [
    '"{model}" is no model id. Write it as owner/name.',
    '„{model}“ ist keine Kennung eines Modells. Schreibe sie als owner/name.',
  ],
  [
    '{model} has no {file} on the hub. Choose another model.',
    '{model} hat auf dem Hub keine Datei {file}. Wähle ein anderes Modell.',
  ],
  [
    'The hub does not say how long {file} of {model} is. Try again later.',
    'Der Hub sagt nicht, wie groß {file} von {model} ist. Versuche es später noch einmal.',
  ],
  [
    '{hub} cannot be reached, and {model} was never downloaded here. Connect to the internet and try again, or choose a model of this server (toy, seedling, lens) or a folder.',
    '{hub} ist nicht zu erreichen, und {model} wurde hier noch nie geladen. Stelle eine Verbindung zum Internet her und versuche es noch einmal, oder wähle ein Modell dieses Servers (toy, seedling, lens) oder einen Ordner.',
  ],
  ...(['{place}', 'it'] as const).map(
    (place) =>
      [
        `The hub's answer about {model} is not understood: ${place} {what}. Try again later, or download the model's folder and drop it here.`,
        `Was der Hub über {model} antwortet, ist nicht zu verstehen: ${place === 'it' ? 'Es' : place} {what}. Versuche es später noch einmal, oder lade den Ordner des Modells herunter und lege ihn hier ab.`,
      ] as const,
  ),
  [
    'This folder holds no config.json. Choose the folder of a Hugging Face model: config.json, tokenizer.json and model.safetensors.',
    'In diesem Ordner liegt keine config.json. Wähle den Ordner eines Hugging-Face-Modells: config.json, tokenizer.json und model.safetensors.',
  ],
  [
    'The folder holds no {file}. Choose the whole folder of the model.',
    'Im Ordner liegt keine Datei {file}. Wähle den ganzen Ordner des Modells.',
  ],
  [
    'This browser does not keep the model {model}. Drop its folder here, or choose it again on the first page.',
    'Dieser Browser hat das Modell {model} nicht. Lege seinen Ordner hier ab, oder wähle ihn auf der ersten Seite noch einmal.',
  ],
  [
    '{model} has no {file}. Drop the whole folder of the model again.',
    '{model} hat keine Datei {file}. Lege den ganzen Ordner des Modells noch einmal ab.',
  ],
  [
    "{file} of {model} was damaged on this browser's disk. Drop the model's folder again.",
    '{file} von {model} ist auf der Platte dieses Browsers beschädigt. Lege den Ordner des Modells noch einmal ab.',
  ],
  [
    "{model} could not be copied: it takes {size} MB, and this browser's disk is full ({why}). Free some space and drop the folder again.",
    '{model} ließ sich nicht kopieren: Es braucht {size} MB, und die Platte dieses Browsers ist voll ({why}). Schaffe Platz und lege den Ordner noch einmal ab.',
  ],
  ['The disk is full.', 'Die Platte ist voll.'],
  [
    'Nothing moved for a minute while the folder was read, so it was given up: a file of it is damaged, or its disk no longer answers. Drop the folder again, or choose another model.',
    'Beim Lesen des Ordners ging eine Minute lang nichts voran, darum wurde es aufgegeben: Eine Datei darin ist beschädigt, oder ihre Platte antwortet nicht mehr. Lege den Ordner noch einmal ab, oder wähle ein anderes Modell.',
  ],
  [
    'This browser window keeps no files (is it a private one, or a plain http page?), so a folder cannot be used here. Open the page in an ordinary window, over https or on localhost.',
    'Dieses Browserfenster behält keine Dateien (ist es ein privates, oder eine bloße http-Seite?), darum ist ein Ordner hier nicht zu gebrauchen. Öffne die Seite in einem gewöhnlichen Fenster, über https oder auf localhost.',
  ],
  [
    '{file} can no longer be read: it was changed or removed. Load the model again.',
    '{file} lässt sich nicht mehr lesen: Die Datei wurde geändert oder entfernt. Lade das Modell noch einmal.',
  ],
  [
    '{file} of {model} is too large: {size} bytes, and up to {most} are read. Choose another model.',
    '{file} von {model} ist zu groß: {size} Bytes, und bis zu {most} werden gelesen. Wähle ein anderes Modell.',
  ],
  [
    '{file} of {model} is no valid JSON. Is this a Hugging Face model directory? Download it again.',
    '{file} von {model} ist kein gültiges JSON. Ist das der Ordner eines Hugging-Face-Modells? Lade ihn noch einmal herunter.',
  ],
]

export const downloads: Sentences = [
  [
    "{file} is not there (404). Check the model's name in the address.",
    '{file} gibt es nicht (404). Prüfe den Namen des Modells in der Adresse.',
  ],
  [
    "{file} is not there ({status}). Check the model's name in the address.",
    '{file} gibt es nicht ({status}). Prüfe den Namen des Modells in der Adresse.',
  ],
  [
    "{file} is not there, or not for everybody ({status}). Check the model's name in the address.",
    '{file} gibt es nicht, oder nicht für alle ({status}). Prüfe den Namen des Modells in der Adresse.',
  ],
  [
    '{file} cannot be reached. Check the connection and reload.',
    '{file} ist nicht zu erreichen. Prüfe die Verbindung und lade neu.',
  ],
  [
    '{file} does not answer now ({status}). Wait a minute and reload.',
    '{file} antwortet gerade nicht ({status}). Warte eine Minute und lade neu.',
  ],
  [
    'The server does not say how long {file} is. Serve the file uncompressed.',
    'Der Server sagt nicht, wie groß {file} ist. Die Datei muss unkomprimiert gesendet werden.',
  ],
  [
    '{file} changed while it was read. Load the model again.',
    '{file} hat sich beim Lesen geändert. Lade das Modell noch einmal.',
  ],
  [
    '{file} answered with something that is no JSON. Try again later.',
    '{file} antwortet mit etwas, das kein JSON ist. Versuche es später noch einmal.',
  ],
  [
    '{file} arrived damaged twice: its SHA-256 is not the announced one. Try again later.',
    '{file} kam zweimal beschädigt an: Der SHA-256 ist nicht der angekündigte. Versuche es später noch einmal.',
  ],
  [
    '{file} sent another part than asked for. Try again later.',
    'Von {file} kam ein anderer Teil als der verlangte. Versuche es später noch einmal.',
  ],
  [
    '{file} is longer than the server said. Load the model again.',
    '{file} ist länger, als der Server sagt. Lade das Modell noch einmal.',
  ],
  [
    'The download of {file} was cut off after {bytes} bytes. Check the connection and reload: it goes on from there.',
    'Das Laden von {file} brach nach {bytes} Bytes ab. Prüfe die Verbindung und lade die Seite neu: Es geht dort weiter.',
  ],
  [
    '{file} was cut off after {bytes} bytes. Check the connection and reload.',
    '{file} brach nach {bytes} Bytes ab. Prüfe die Verbindung und lade neu.',
  ],
]

const another = 'Another tab of this browser is '
const otherTab = 'Ein anderer Tab dieses Browsers '
/** Files that the tabs of one browser share: downloads, copies, packed forms (`src/training/loading/packedForms.ts`). */
export const shared: Sentences = [
  [
    `${another}fetching {file} and does not go on, so this tab fetches it for itself. Close that tab, or go back to it.`,
    `${otherTab}lädt {file} und kommt nicht voran, darum lädt dieser Tab die Datei für sich. Schließe jenen Tab, oder geh zu ihm zurück.`,
  ],
  [
    '{file} could not be kept on this browser’s disk, so the next visit fetches it again. Free some disk space.',
    '{file} ließ sich auf der Platte dieses Browsers nicht behalten, darum wird die Datei beim nächsten Besuch noch einmal geladen. Schaffe Platz.',
  ],
  [
    '{file} was damaged on this browser’s disk, and its bytes could not be fetched again. Check the connection and reload.',
    '{file} ist auf der Platte dieses Browsers beschädigt, und die Bytes ließen sich nicht noch einmal laden. Prüfe die Verbindung und lade neu.',
  ],
  [
    `${another}copying {model} and does not go on. Go back to that tab or close it, and load this one again.`,
    `${otherTab}kopiert {model} und kommt nicht voran. Geh zu jenem Tab zurück oder schließe ihn, und lade diesen neu.`,
  ],
  [
    `${another}copying or reading {model} and does not go on. Go back to that tab or close it, and drop the folder again.`,
    `${otherTab}kopiert oder liest {model} und kommt nicht voran. Geh zu jenem Tab zurück oder schließe ihn, und lege den Ordner noch einmal ab.`,
  ],
  [
    'The packed form of the model that this browser keeps was damaged, so it was removed, and this tab unpacks the model again.',
    'Die gepackte Form des Modells, die dieser Browser behält, war beschädigt, darum wurde sie entfernt, und dieser Tab entpackt das Modell noch einmal.',
  ],
  [
    `${another}unpacking the model and does not go on, so this tab does it for itself. Close that tab, or go back to it.`,
    `${otherTab}entpackt das Modell und kommt nicht voran, darum tut dieser Tab es für sich. Schließe jenen Tab, oder geh zu ihm zurück.`,
  ],
  [
    'The packed form of the model could not be kept on this browser’s disk, so other tabs unpack the model again. Free some disk space.',
    'Die gepackte Form des Modells ließ sich auf der Platte dieses Browsers nicht behalten, darum entpacken andere Tabs das Modell noch einmal. Schaffe Platz.',
  ],
  [
    'Another tab holds this file and does not go on.',
    'Ein anderer Tab hält diese Datei und kommt nicht voran.',
  ],
]
