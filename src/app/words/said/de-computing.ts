/** German for what engines say: what they run on, memory, workers that died (`src/training/`, `src/kernels/`, `src/model/checkpoint/fit.ts`). */
import type { Sentences } from './said'

/** What a tab computes with, and why with nothing faster. */
export const machines: Sentences = [
  ['plain JavaScript, as asked', 'einfaches JavaScript, wie verlangt'],
  [
    'plain JavaScript; WebGPU not used: {reason}; WebAssembly did not start',
    'einfaches JavaScript; ohne WebGPU: {reason}; WebAssembly startete nicht',
  ],
  ['as asked', 'wie verlangt'],
  ['WebGPU not used: {reason}', 'ohne WebGPU: {reason}'],
  ['WebAssembly, {simd} ({reason})', 'WebAssembly, {simd} ({reason})'],
  [
    'WebAssembly, {simd}, up to {count} threads ({reason})',
    'WebAssembly, {simd}, bis zu {count} Threads ({reason})',
  ],
  [
    'WebGPU, {name}, without {features}, which it reports and refuses',
    'WebGPU, {name}, ohne {features}: gemeldet, aber verweigert',
  ],
  ['relaxed SIMD', 'Relaxed SIMD'],
  [
    'WebAssembly by tfjs, since this browser has no SIMD ({reason})',
    'WebAssembly von tfjs, weil dieser Browser kein SIMD hat ({reason})',
  ],
  ['the GPU computes wrongly ({complaint})', 'die GPU rechnet falsch ({complaint})'],
  ['{count} numbers of its products are wrong', '{count} Zahlen ihrer Produkte sind falsch'],
  ['its {part} is off by {share}', 'ihr Ergebnis ({part}) weicht um {share} ab'],
  ['its only WebGPU adapter is software ({name})', 'der einzige WebGPU-Adapter ist Software ({name})'],
  ['no GPU was found', 'keine GPU gefunden'],
  ['this browser has none', 'dieser Browser hat keines'],
  [
    'This GPU computes wrongly: {complaint}. Use backend=wasm.',
    'Diese GPU rechnet falsch: {complaint}. Nimm backend=wasm.',
  ],
  [
    'The {backend} backend did not start. Try backend=auto.',
    'Das Backend {backend} startete nicht. Versuche backend=auto.',
  ],
  [
    'This browser has no WebGPU: open the page over https or localhost in Chrome or Edge, or in Safari 26, or use backend=wasm.',
    'Dieser Browser hat kein WebGPU: Öffne die Seite über https oder localhost in Chrome oder Edge, oder in Safari 26, oder nimm backend=wasm.',
  ],
  [
    'WebGPU is here but found no GPU: turn hardware acceleration on in the browser’s settings, or use backend=wasm.',
    'WebGPU ist da, fand aber keine GPU: Schalte in den Einstellungen des Browsers die Hardwarebeschleunigung ein, oder nimm backend=wasm.',
  ],
  [
    'A thread of this tab did not finish its part.',
    'Ein Thread dieses Tabs wurde mit seinem Teil nicht fertig.',
  ],
  ['The GPU was taken away: {why} ({reason}).', 'Die GPU wurde entzogen: {why} ({reason}).'],
  ['no message', 'ohne Angabe'],
]

export const memory: Sentences = [
  [
    'The model needs {bytes} of memory, but {device} has {has}. Choose a smaller model, or a device with WebGPU, where its weights take {sizes}.',
    'Das Modell braucht {bytes} Speicher, aber {device} hat {has}. Wähle ein kleineres Modell, oder ein Gerät mit WebGPU, auf dem seine Gewichte {sizes} brauchen.',
  ],
  [
    'One matrix of the model takes {bytes} as {format}, but this GPU takes {limit} at once. {advice}, or use backend=wasm.',
    'Eine Matrix des Modells braucht {bytes} als {format}, aber diese GPU nimmt {limit} auf einmal. {advice}, oder nimm backend=wasm.',
  ],
  [
    'One matrix of the model takes {bytes} as {format}, but this GPU takes {limit} at once. {advice}.',
    'Eine Matrix des Modells braucht {bytes} als {format}, aber diese GPU nimmt {limit} auf einmal. {advice}.',
  ],
  ['Keep its weights as {format}', 'Halte seine Gewichte als {format}'],
  ['Choose a smaller model', 'Wähle ein kleineres Modell'],
  [
    'The GPU has no {size} MB left for this step. Choose a smaller batch or shorter rows.',
    'Die GPU hat für diesen Schritt keine {size} MB mehr frei. Wähle einen kleineren Stapel oder kürzere Zeilen.',
  ],
  [
    'This step needs a buffer of {bytes} bytes, the GPU allows {limit}. Choose a smaller batch or shorter rows.',
    'Dieser Schritt braucht einen Puffer von {bytes} Bytes, die GPU erlaubt {limit}. Wähle einen kleineren Stapel oder kürzere Zeilen.',
  ],
  [
    "There is no room for {more} MB more in the engine's memory of {has} MB: choose a smaller model or a smaller batch.",
    'Im Speicher des Rechenwerks von {has} MB ist kein Platz für {more} MB mehr: Wähle ein kleineres Modell oder einen kleineren Stapel.',
  ],
  [
    '{name} holds the number {number}, too large for float16. Choose float32 or int8 for this model.',
    '{name} enthält die Zahl {number}, zu groß für float16. Wähle float32 oder int8 für dieses Modell.',
  ],
]

const lessThanItSeems =
  'This GPU has less memory than it seems to: the model’s weights take {bytes} as {format}, and it has no room for them. Close other programs that use it, or choose {advice}'
const wenigerAlsEsScheint =
  'Diese GPU hat weniger Speicher, als es scheint: Die Gewichte des Modells brauchen {bytes} als {format}, und dafür ist kein Platz. Schließe andere Programme, die sie benutzen, oder wähle {advice}'

/** Weights that are to find room, and a step beside them (`src/training/loading/`, `src/model/checkpoint/stepPlan.ts`). */
export const rooms: Sentences = [
  [`${lessThanItSeems}.`, `${wenigerAlsEsScheint}.`],
  [`${lessThanItSeems}, or use backend=wasm.`, `${wenigerAlsEsScheint}, oder nimm backend=wasm.`],
  ['a smaller model', 'ein kleineres Modell'],
  [
    'This GPU has no room for the model as {format} ({bytes}), so its weights are kept as {denser} ({less}).',
    'Diese GPU hat keinen Platz für das Modell als {format} ({bytes}), darum werden seine Gewichte als {denser} gehalten ({less}).',
  ],
  ['The GPU has no room for {size} MB of weights.', 'Die GPU hat keinen Platz für {size} MB Gewichte.'],
  [
    'The GPU’s memory ran out while {weight} was written to it.',
    'Der Speicher der GPU war zu Ende, als {weight} hineingeschrieben wurde.',
  ],
  [
    'This tab’s memory has no room left for the model’s {bytes}. Close other tabs, or choose a smaller model.',
    'Im Speicher dieses Tabs ist kein Platz mehr für die {bytes} des Modells. Schließe andere Tabs, oder wähle ein kleineres Modell.',
  ],
  [
    'A training step of {rows} rows does not fit beside the model into {bytes}, so less is kept of it and computed again (checkpointing), which takes longer.',
    'Ein Trainingsschritt mit {rows} Zeilen passt nicht neben das Modell in {bytes}, darum wird weniger davon behalten und noch einmal gerechnet (Checkpointing), was länger dauert.',
  ],
  [
    'A training step of {rows} rows does not fit beside the model into {bytes}, not even with checkpointing. Choose batch={batch}.',
    'Ein Trainingsschritt mit {rows} Zeilen passt nicht neben das Modell in {bytes}, auch nicht mit Checkpointing. Wähle batch={batch}.',
  ],
  [
    'A training step of {rows} rows does not fit beside the model into {bytes}, and neither does one of a single row. Choose a smaller model, or a device with WebGPU.',
    'Ein Trainingsschritt mit {rows} Zeilen passt nicht neben das Modell in {bytes}, und auch keiner mit einer einzigen. Wähle ein kleineres Modell, oder ein Gerät mit WebGPU.',
  ],
]

/** Workers that died, by the beginning of the sentence about it. */
const failures = [
  ['The merging worker failed', 'Der Worker, der mischt, ist ausgefallen'],
  ['The folder could not be copied', 'Der Ordner ließ sich nicht kopieren'],
  ['The compute worker failed', 'Der Worker, der rechnet, ist ausgefallen'],
  ['The Lab failed', 'Das Labor ist ausgefallen'],
  ['The text could not be read', 'Der Text ließ sich nicht lesen'],
] as const

export const work: Sentences = [
  ...failures.map(
    ([failed, german]) =>
      [`${failed}: {why}. Reload the page.`, `${german}: {why}. Lade die Seite neu.`] as const,
  ),
  ['its script did not load', 'sein Skript wurde nicht geladen'],
  [
    'Nothing moved for five minutes while the model was opened, so it was given up. Check the connection and reload the page; if it happens again, choose another model.',
    'Beim Öffnen des Modells ging fünf Minuten lang nichts voran, darum wurde es aufgegeben. Prüfe die Verbindung und lade die Seite neu; geschieht es wieder, wähle ein anderes Modell.',
  ],
  [
    'This model’s tokenizer stood still over the text for two minutes, so this tab’s engine was ended. Reload the page, and choose other text or another model.',
    'Der Tokenizer dieses Modells stand zwei Minuten lang über dem Text still, darum wurde das Rechenwerk dieses Tabs beendet. Lade die Seite neu, und wähle anderen Text oder ein anderes Modell.',
  ],
  [
    'The loss is no longer a number after {step} steps. Lower the learning rate.',
    'Nach {step} Schritten ist der Verlust keine Zahl mehr. Senke die Lernrate.',
  ],
  [
    'This text is empty: nothing in it can be predicted. Add some.',
    'Dieser Text ist leer: Nichts darin lässt sich vorhersagen. Füge welchen hinzu.',
  ],
  [
    'There is no corpus “{corpus}”. Choose one of: {names}, or own.',
    'Es gibt keinen Text namens „{corpus}“. Wähle einen von: {names}, oder own.',
  ],
  [
    'The text “{corpus}” has pictures, and the model {model} sees none: open a room with model=lens.',
    'Der Text „{corpus}“ hat Bilder, und das Modell {model} sieht keine: Öffne einen Raum mit model=lens.',
  ],
  [
    'The text “{corpus}” has pictures, and the model {model} sees none: open a room with model=lens. The usual text stands in its place.',
    'Der Text „{corpus}“ hat Bilder, und das Modell {model} sieht keine: Öffne einen Raum mit model=lens. Der übliche Text steht an seiner Stelle.',
  ],
  ['There is no corpus “{corpus}”.', 'Es gibt keinen Text namens „{corpus}“.'],
]

/** Of a person's own picture. */
export const ownPictures: Sentences = [
  [
    'There is a picture in this view, and this model sees none: choose the model lens.',
    'In dieser Sicht ist ein Bild, und dieses Modell sieht keines: Wähle das Modell lens.',
  ],
  ['This file is empty. Choose a picture.', 'Diese Datei ist leer. Wähle ein Bild.'],
  [
    'This file has {size} MB, and a picture may have {most}. Make it smaller.',
    'Diese Datei hat {size} MB, und ein Bild darf {most} haben. Verkleinere es.',
  ],
  [
    'This picture has {width} x {height} pixels, more than {most} million. Make it smaller.',
    'Dieses Bild hat {width} x {height} Bildpunkte, mehr als {most} Millionen. Verkleinere es.',
  ],
  [
    'This picture has {width} x {height} pixels: too few to see anything. It needs {least} x {again}.',
    'Dieses Bild hat {width} x {height} Bildpunkte: zu wenige, um etwas zu sehen. Es braucht {least} x {again}.',
  ],
  [
    'This is no picture that can be read here. Choose a PNG, JPEG or WebP file.',
    'Das ist kein Bild, das hier gelesen werden kann. Wähle eine Datei in PNG, JPEG oder WebP.',
  ],
]
