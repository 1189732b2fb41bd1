/** German for what tabs say of links, storage and models (`src/network/`, `src/node/`). */
import type { Sentences } from './said'

export const links: Sentences = [
  [
    'The room was not found. Nobody has it open as coordinator right now. Check the code, or ask for the room to be opened again.',
    'Den Raum gibt es nicht. Gerade hat ihn niemand als Koordinator offen. Prüfe den Code, oder bitte darum, dass der Raum wieder geöffnet wird.',
  ],
  [
    'Nobody coordinates this room, so nobody is there who could let you in by its code alone. Open its invitation link, or scan the QR code: whoever opened the room has both on the screen.',
    'Diesen Raum leitet niemand, und so kann dich auch niemand einlassen, der nur den Code hat. Öffne den Einladungslink oder scanne den QR-Code: Wer den Raum eröffnet hat, sieht beides.',
  ],
  [
    'This room is already open in another tab or on another computer. Close it there, or open a new room here.',
    'Dieser Raum ist schon in einem anderen Tab oder auf einem anderen Rechner offen. Schließe ihn dort, oder eröffne hier einen neuen.',
  ],
  [
    'The invitation does not fit this room. It belongs to another room or an older one with the same code. Ask for a new link.',
    'Die Einladung passt nicht zu diesem Raum. Sie gehört zu einem anderen oder zu einem älteren mit demselben Code. Bitte um einen neuen Link.',
  ],
  [
    'You were not let in. Whoever opened the room decided so. Ask them for an invitation link.',
    'Du wurdest nicht eingelassen. So hat entschieden, wer den Raum eröffnet hat. Bitte dort um einen Einladungslink.',
  ],
  [
    'The server that introduces tabs to each other does not answer. Tabs that are connected stay connected; new ones cannot join. Check that it is running (npm start) and that this computer is on its network.',
    'Der Server, der Tabs einander vorstellt, antwortet nicht. Wer verbunden ist, bleibt es; neue Tabs können nicht dazukommen. Prüfe, ob er läuft (npm start) und ob dieser Rechner in seinem Netz ist.',
  ],
  [
    'The room exists, but no connection to its coordinator could be made. Neither a direct way nor the one through the server has worked. Check that the server is running and that a firewall lets its port through, or use a current Chromium or Firefox.',
    'Den Raum gibt es, aber zu seinem Koordinator kam keine Verbindung zustande, weder geradewegs noch über den Server. Prüfe, ob der Server läuft und eine Firewall seinen Port durchlässt, oder nimm ein aktuelles Chromium oder Firefox.',
  ],
  [
    'A device is in this room, but no connection to it could be made, neither a direct one nor one through the server. Check that it is on the same network as the server, and reload it.',
    'Ein Gerät ist in diesem Raum, aber zu ihm kam keine Verbindung zustande, weder geradewegs noch über den Server. Prüfe, ob es im selben Netz wie der Server ist, und lade seinen Tab neu.',
  ],
  [
    'Another device is in this room, but no connection to it could be made, neither a direct one nor one through the server. Check that it is on the same network as the server, and reload it.',
    'Ein anderes Gerät ist in diesem Raum, aber zu ihm kam keine Verbindung zustande, weder geradewegs noch über den Server. Prüfe, ob es im selben Netz wie der Server ist, und lade seinen Tab neu.',
  ],
  [
    'This address is not secure, so the browser withholds what Gossamer needs (encryption and WebGPU). Open the https address instead: start the server with “npm start -- --lan” and use the address it prints.',
    'Diese Adresse ist nicht sicher, und darum verweigert der Browser, was Gossamer braucht (Verschlüsselung und WebGPU). Öffne stattdessen die https-Adresse: Starte den Server mit „npm start -- --lan“ und nimm die Adresse, die er nennt.',
  ],
  [
    'A peer sent what cannot be read. It was dropped.',
    'Ein anderer Tab hat etwas geschickt, das sich nicht lesen lässt. Es wurde verworfen.',
  ],
  [
    'Another tab of this room runs an older or newer version of this page, and the two would not understand each other. Reload both, so that they run the same.',
    'Ein anderer Tab dieses Raums hat eine ältere oder neuere Fassung dieser Seite, und die beiden verstünden einander nicht. Lade beide neu, damit sie dieselbe haben.',
  ],
  [
    'The room is full: it remembers as many devices as it can. Ask whoever opened it to open a new one, or to close tabs that are not needed. This tab tries again in a minute.',
    'Der Raum ist voll: Mehr Geräte kann er sich nicht merken. Bitte darum, dass ein neuer eröffnet wird oder unnötige Tabs geschlossen werden. Dieser Tab versucht es in einer Minute wieder.',
  ],
  [
    'Another tab that is in this room calls itself the same device, so this one was not let in. Close it and open the room’s link in a new tab.',
    'Ein anderer Tab in diesem Raum nennt sich dasselbe Gerät, darum kam dieser nicht herein. Schließe ihn und öffne den Link des Raums in einem neuen Tab.',
  ],
  [
    'This tab sent more than a room can take, so the other end has closed the connection. It tries again in a minute. Reload this tab if that goes on.',
    'Dieser Tab hat mehr geschickt, als ein Raum verträgt, und die Gegenseite hat die Verbindung geschlossen. In einer Minute versucht er es wieder. Lade ihn neu, wenn das so weitergeht.',
  ],
  [
    'The other end could not read what this tab sent, and has closed the connection. Reload this tab, so that both run the same version.',
    'Die Gegenseite konnte nicht lesen, was dieser Tab geschickt hat, und hat die Verbindung geschlossen. Lade diesen Tab neu, damit beide dieselbe Fassung haben.',
  ],
  [
    'While this tab was away its room has elected another coordinator, so this one has closed. What the room has learned is with the new one. Open the room’s link in this tab to join as a device.',
    'Während dieser Tab fort war, hat sein Raum einen anderen Koordinator gewählt, darum ist dieser geschlossen. Was der Raum gelernt hat, ist beim neuen. Öffne hier den Link des Raums, um als Gerät beizutreten.',
  ],
  [
    'This tab coordinates the room: its devices have elected it, because the coordinator was gone for good. The run goes on from where that one stopped, and this tab learns from its own text as before. Leave it open.',
    'Dieser Tab koordiniert den Raum: Seine Geräte haben ihn gewählt, weil der Koordinator für immer fort war. Der Lauf geht dort weiter, wo jener aufhörte, und dieser Tab lernt aus seinem Text wie zuvor. Lass ihn offen.',
  ],
  [
    'The coordinator’s tab was gone for good, so the devices have elected another one. The run goes on there with everything that was learned; nothing has to be done.',
    'Der Tab des Koordinators war für immer fort, darum haben die Geräte einen anderen gewählt. Dort geht der Lauf mit allem Gelernten weiter; es ist nichts zu tun.',
  ],
  [
    'Whoever opened the room has shut this tab out. It is not let in again before they allow it.',
    'Wer den Raum geöffnet hat, hat diesen Tab ausgesperrt. Er wird erst wieder eingelassen, wenn sie oder er es erlaubt.',
  ],
  [
    'The room is locked: nobody new is let in. Ask whoever opened it to unlock it, then reload this tab.',
    'Der Raum ist abgeschlossen: Niemand Neues wird eingelassen. Bitte, wer ihn geöffnet hat, ihn aufzuschließen, und lade dann diesen Tab neu.',
  ],
  [
    'Another tab coordinates a room with the same code. Whoever follows your link or scans its QR code comes to you; whoever types the code may reach either, and should compare the words that both pages show.',
    'Ein anderer Tab koordiniert einen Raum mit demselben Code. Wer deinem Link folgt oder seinen QR-Code scannt, kommt zu dir; wer den Code eintippt, kann bei beiden landen und sollte die Wörter vergleichen, die beide Seiten zeigen.',
  ],
  [
    '{name} sent a message ({kind}) that the coordinator has not signed, and nothing of it was believed. Tell whoever opened the room if this goes on.',
    '{name} hat eine Nachricht ({kind}) geschickt, die der Koordinator nicht unterschrieben hat, und nichts davon wurde geglaubt. Sag es dem, der den Raum geöffnet hat, wenn das so weitergeht.',
  ],
  ['The coordinator cannot shut itself out.', 'Der Koordinator kann sich nicht selbst aussperren.'],
  [
    'Nobody coordinates this room, so nobody can lock it.',
    'Niemand koordiniert diesen Raum, also kann ihn niemand abschließen.',
  ],
  [
    'Nobody coordinates this room, so nobody can shut a device out.',
    'Niemand koordiniert diesen Raum, also kann niemand ein Gerät aussperren.',
  ],
  [
    'Whoever opened the room has closed this tab’s part in it, to show that the others go on without it. Reload this tab to come back.',
    'Wer den Raum eröffnet hat, hat diesen Tab herausgenommen, um zu zeigen, dass die anderen ohne ihn weitermachen. Lade diesen Tab neu, um zurückzukommen.',
  ],
  [
    '{name} sends more than a room can take. What it says is held back.',
    '{name} schickt mehr, als ein Raum verträgt. Es wird zurückgehalten.',
  ],
  [
    '{name} sends more than a room can take. It was shut out for a minute.',
    '{name} schickt mehr, als ein Raum verträgt, und bleibt eine Minute lang ausgesperrt.',
  ],
  [
    '{name} sent what cannot be read ({why}), for the first time. It was dropped.',
    '{name} hat etwas geschickt, das sich nicht lesen lässt ({why}), zum ersten Mal. Es wurde verworfen.',
  ],
  [
    '{name} sent what cannot be read ({why}), {count} times by now. It was dropped.',
    '{name} hat etwas geschickt, das sich nicht lesen lässt ({why}), bisher {count} Mal. Es wurde verworfen.',
  ],
  [
    '{name} sent a message ({kind}) that makes no sense here, and it was dropped. Reload both tabs if this goes on.',
    '{name} hat eine Nachricht ({kind}) geschickt, die hier keinen Sinn hat, und sie wurde verworfen. Lade beide Tabs neu, wenn das so weitergeht.',
  ],
  ['The coordinator', 'Der Koordinator'],
  ['{why} It was not sent.', '{why} Es wurde nicht geschickt.'],
  [
    'The coordinator’s tab is gone. Keep this tab open: it joins again by itself when that one is back. Your adapter stays here.',
    'Der Tab des Koordinators ist fort. Lass diesen offen: Er tritt von selbst wieder bei, wenn jener zurück ist. Dein Adapter bleibt hier.',
  ],
  [
    'The coordinator’s tab is not there. Keep this tab open: it joins again by itself when that one is back, or when the devices have elected another.',
    'Der Tab des Koordinators ist nicht da. Lass diesen offen: Er tritt von selbst wieder bei, wenn jener zurück ist oder die Geräte einen anderen gewählt haben.',
  ],
  [
    'This link names no room. Ask the coordinator for the room’s code or link.',
    'Dieser Link nennt keinen Raum. Frag den Koordinator nach dem Code oder Link.',
  ],
  [
    'A room without a coordinator is entered by its whole link: the code alone is not enough, for nobody is there who could let you in.',
    'In einen Raum ohne Koordinator kommt man nur mit dem ganzen Link: Der Code allein genügt nicht, denn niemand ist da, der dich einlassen könnte.',
  ],
]

/** Why something that arrived cannot be read (`src/network/letters/`), and why something was not sent. */
export const frames: Sentences = [
  ['a message is not JSON with a type', 'eine Nachricht ist kein JSON mit einer Art'],
  ['an attachment comes without its message', 'ein Anhang kommt ohne seine Nachricht'],
  ['too many transfers at once', 'zu viele Übertragungen auf einmal'],
  ['a message announces {bytes} bytes', 'eine Nachricht kündigt {bytes} Bytes an'],
  ['a frame of the wrong type is in a transfer', 'in einer Übertragung steckt ein Paket falscher Art'],
  [
    'an attachment announces {bytes} bytes where {most} are expected',
    'ein Anhang kündigt {bytes} Bytes an, wo {most} erwartet werden',
  ],
  ['there is no room for {bytes} bytes', 'für {bytes} Bytes ist kein Platz'],
  ['a transfer changes its total', 'eine Übertragung ändert ihre Größe'],
  ['an offset is out of order', 'ein Paket kommt außer der Reihe'],
  ['a frame carries nothing', 'ein Paket trägt nichts'],
  ['a frame is shorter than its header', 'ein Paket ist kürzer als sein Kopf'],
  ['{type} is no frame type', '{type} ist keine Art eines Pakets'],
  ['a whisper is shorter than its header', 'ein Flüstern ist kürzer als sein Kopf'],
  ['a whisper has {bytes} bytes', 'ein Flüstern hat {bytes} Bytes'],
  ['a frame reaches beyond its own total', 'ein Paket reicht über seine eigene Größe hinaus'],
  [
    'A “{kind}” message of {bytes} bytes is too long; attach its data.',
    'Eine Nachricht „{kind}“ von {bytes} Bytes ist zu lang; ihre Daten gehören in den Anhang.',
  ],
  [
    'An attachment of {bytes} bytes is too large: at most {most} here.',
    'Ein Anhang von {bytes} Bytes ist zu groß: hier höchstens {most}.',
  ],
  [
    'This key was not made by a browser. Open a new room.',
    'Dieser Schlüssel stammt nicht von einem Browser. Eröffne einen neuen Raum.',
  ],
]

export const models: Sentences = [
  [
    'It has another base model than this room. Reload that tab so that it loads the model again.',
    'Das Gerät hat ein anderes Grundmodell als dieser Raum. Lade jenen Tab neu, damit er das Modell wieder lädt.',
  ],
  [
    '{name}: It has another base model than this room. Reload that tab so that it loads the model again.',
    '{name}: Das Gerät hat ein anderes Grundmodell als dieser Raum. Lade jenen Tab neu, damit er das Modell wieder lädt.',
  ],
  [
    'This tab’s {model} has other weights than the room’s, so the two cannot learn together. Drop the very folder that the coordinator uses.',
    '{model} in diesem Tab hat andere Gewichte als das des Raums, und so können beide nicht zusammen lernen. Gib ihm genau den Ordner, den der Koordinator benutzt.',
  ],
  [
    'This tab’s {model} has other weights than the room’s, so the two cannot learn together. Reload the coordinator’s tab, then this one, so that both load the same version.',
    '{model} in diesem Tab hat andere Gewichte als das des Raums, und so können beide nicht zusammen lernen. Lade erst den Tab des Koordinators neu, dann diesen, damit beide dieselbe Fassung laden.',
  ],
  [
    'This tab’s {model} has other weights than that of {name}, so the two cannot learn together. Reload both tabs, so that they load the same version.',
    '{model} in diesem Tab hat andere Gewichte als das von {name}, und so können beide nicht zusammen lernen. Lade beide Tabs neu, damit sie dieselbe Fassung laden.',
  ],
  [
    'This tab is still getting ready. Try again in a moment.',
    'Dieser Tab ist noch nicht so weit. Versuche es gleich noch einmal.',
  ],
  [
    'This tab could not get ready. Reload it, then run the proof again.',
    'Dieser Tab ist nicht fertig geworden. Lade ihn neu, und starte den Beweis noch einmal.',
  ],
  [
    'This tab’s model is still loading. Try again in a moment.',
    'Das Modell dieses Tabs lädt noch. Versuche es gleich noch einmal.',
  ],
  [
    'There is nothing to take home before the first round is done.',
    'Vor dem Ende der ersten Runde gibt es nichts mitzunehmen.',
  ],
  ['Only the coordinator’s tab can do that.', 'Das kann nur der Tab des Koordinators.'],
  [
    'The coordinator trains on nothing: choose text in a device’s tab.',
    'Der Koordinator lernt aus nichts: Wähle Text im Tab eines Geräts.',
  ],
]

const aside = 'It was put aside in this browser’s storage and nothing of it was deleted.'
const kept = 'Es liegt im Speicher dieses Browsers beiseite, und nichts davon wurde gelöscht.'

/** What of a room may be damaged, one or several of them. */
const log = [
  'the log from event {event} of {count} on',
  'das Protokoll ab Ereignis {event} von {count}',
] as const
const adapter = ['an adapter', 'ein Adapter'] as const
const rounds = ['some measured rounds', 'einige gemessene Runden'] as const
type Part = Sentences[number]
const both = (one: Part, other: Part): Part => [`${one[0]}, ${other[0]}`, `${one[1]}, ${other[1]}`]
const damagedParts: Sentences = [
  ...[log, adapter, rounds, both(log, adapter), both(log, rounds), both(adapter, rounds)],
  both(both(log, adapter), rounds),
]

export const storage: Sentences = [
  [
    'This browser keeps nothing for this page (a private window?), so a reload would lose this tab’s part. Leave the tab open, or use an ordinary window.',
    'Dieser Browser behält nichts für diese Seite (ein privates Fenster?), beim Neuladen ginge der Teil dieses Tabs also verloren. Lass den Tab offen, oder nimm ein gewöhnliches Fenster.',
  ],
  [
    'Another tab with an older version of this page is still open, so nothing of this tab can be kept and a reload would lose its part. Close the older tabs, then reload this one.',
    'Ein anderer Tab mit einer älteren Fassung dieser Seite ist noch offen. Darum lässt sich nichts von diesem behalten, und beim Neuladen ginge sein Teil verloren. Schließe die älteren Tabs, dann lade diesen neu.',
  ],
  [
    'This browser has stopped storing the run, so a reload of this tab would lose it. The run itself goes on: free some disk space, and leave the tab open.',
    'Dieser Browser speichert den Lauf nicht mehr, beim Neuladen dieses Tabs ginge er also verloren. Der Lauf selbst geht weiter: Schaffe Platz auf der Platte, und lass den Tab offen.',
  ],
  [
    'This browser has stopped storing the run, so a reload of this tab would lose its part. Free some disk space, and leave the tab open.',
    'Dieser Browser speichert den Lauf nicht mehr, beim Neuladen dieses Tabs ginge sein Teil also verloren. Schaffe Platz auf der Platte, und lass den Tab offen.',
  ],
  [
    `What this browser kept of the room {what}. ${aside} A new room is open under the same code: give its link to the devices.`,
    `Was dieser Browser vom Raum behalten hat, {what}. ${kept} Unter demselben Code ist ein neuer Raum offen: Gib den Geräten seinen Link.`,
  ],
  [
    'was kept by another version of this page and cannot be used',
    'stammt von einer anderen Fassung dieser Seite und ist nicht zu gebrauchen',
  ],
  ['its log from event {event} on', 'sein Protokoll ab Ereignis {event}'],
  ...damagedParts,
  ['is damaged and cannot be used', 'ist beschädigt und nicht zu gebrauchen'],
  ['is set to what this page does not run: {why}', 'verlangt, was diese Seite nicht ausführt: {why}'],
  [
    `A part of what this browser kept of the room is damaged ({part}). ${aside} The room goes on from the newest adapter that can be read: look at the round and the loss, then resume.`,
    `Ein Teil dessen, was dieser Browser vom Raum behalten hat, ist beschädigt ({part}). ${kept} Der Raum geht vom neuesten lesbaren Adapter aus weiter: Sieh auf Runde und Verlust, dann setze fort.`,
  ],
  [
    `What this browser kept of this tab’s part of the run {what}. ${aside} The tab begins anew and takes up what its neighbours have learned.`,
    `Was dieser Browser vom Teil dieses Tabs behalten hat, {what}. ${kept} Der Tab beginnt neu und übernimmt, was seine Nachbarn gelernt haben.`,
  ],
  [
    `The key by which others know this tab, as this browser kept it, is damaged. ${aside} The tab comes as a new device.`,
    `Der Schlüssel, an dem andere diesen Tab erkennen, ist so, wie dieser Browser ihn behalten hat, beschädigt. ${kept} Der Tab kommt als neues Gerät.`,
  ],
  [
    `The text of your own that this browser kept is damaged. ${aside} Choose or paste the text again.`,
    `Dein eigener Text, den dieser Browser behalten hat, ist beschädigt. ${kept} Wähle ihn noch einmal, oder füge ihn wieder ein.`,
  ],
]
