/** German for what is said of unlearning and its ledger (`src/federation/unlearning/`, `src/node/`). */
import type { Sentences } from './said'

export const unlearning: Sentences = [
  [
    'A ledger for unlearning cannot be kept with the scheme {scheme} and the aggregation {aggregation}: {why}. Choose ledger=0, or others.',
    'Ein Buch zum Verlernen lässt sich mit dem Ablauf {scheme} und der Aggregation {aggregation} nicht führen: {why}. Wähle ledger=0 oder andere.',
  ],
  [
    'A ledger for unlearning cannot be kept with the scheme {scheme} and the aggregation {aggregation}: {why}. Choose ledger=0, or others. None is kept.',
    'Ein Buch zum Verlernen lässt sich mit dem Ablauf {scheme} und der Aggregation {aggregation} nicht führen: {why}. Wähle ledger=0 oder andere. Es wird keines geführt.',
  ],
  [
    'the coordinator does not see what single devices send',
    'der Koordinator sieht nicht, was einzelne Geräte senden',
  ],
  [
    'updates start from many versions, and there are no rounds to go through again',
    'Updates gehen von vielen Versionen aus, und es gibt keine Runden, die sich wiederholen ließen',
  ],
  [
    'there are several adapters, and who shares which follows from what devices have learned',
    'es gibt mehrere Adapter, und wer welchen teilt, folgt aus dem Gelernten',
  ],
  [
    'each device keeps a part of the model to itself, out of reach of the others',
    'jedes Gerät behält einen Teil des Modells für sich, unerreichbar für die anderen',
  ],
  [
    'Where tabs gossip, what a tab has taught is in everybody’s adapter and nobody can take it out. Leave the room: nothing more is learned from it.',
    'Wo Tabs tratschen, steckt, was ein Tab gelehrt hat, im Adapter eines jeden, und niemand kann es herausnehmen. Verlass den Raum: Dann wird von ihm nichts mehr gelernt.',
  ],
  [
    'This tab trains on generated text, of which nothing is anybody’s own. Leave to be forgotten.',
    'Dieser Tab lernt aus erzeugtem Text, und davon gehört niemandem etwas. Geh, um vergessen zu werden.',
  ],
  [
    'These words stand in no text of this tab. Copy some of them from the text.',
    'Diese Wörter stehen in keinem Text dieses Tabs. Kopiere ein paar aus dem Text.',
  ],
  [
    'These words stand in every text of this tab. Leave to be forgotten, or use more words.',
    'Diese Wörter stehen in jedem Text dieses Tabs. Geh, um vergessen zu werden, oder nimm mehr Wörter.',
  ],
  [
    'This browser could not keep your wish to be forgotten. Leave this tab open until its room has forgotten: a reload may lose the wish.',
    'Dieser Browser konnte deinen Wunsch, vergessen zu werden, nicht behalten. Lass diesen Tab offen, bis sein Raum vergessen hat: Neuladen kann den Wunsch verlieren.',
  ],
  [
    'This tab has left the room and was forgotten there. Its certificate stays here until you close it.',
    'Dieser Tab hat den Raum verlassen und wurde dort vergessen. Seine Urkunde bleibt hier, bis du ihn schließt.',
  ],
  [
    'Nobody else is here who could train, so nothing can be unlearned yet: the room goes on with it as soon as somebody is back who took part.',
    'Niemand sonst ist hier, der lernen könnte, also lässt sich noch nichts verlernen: Der Raum macht damit weiter, sobald jemand zurück ist, der dabei war.',
  ],
  [
    'No device of this room has that key, so nothing of it can be forgotten.',
    'Kein Gerät dieses Raums hat diesen Schlüssel, also lässt sich nichts von ihm vergessen.',
  ],
  [
    'It has asked {count} times to be forgotten: each time the room trains anew.',
    'Es wollte {count}-mal vergessen werden: Jedes Mal lernt der Raum neu.',
  ],
  [
    '{name} certifies what nobody has asked to be forgotten. It counts for nothing.',
    '{name} beurkundet, was niemand vergessen haben wollte. Das zählt nicht.',
  ],
  ['What is left could not be measured: {why}', 'Was bleibt, ließ sich nicht messen: {why}'],
  [
    'This tab waits for its room to forget already. Ask again once that is done.',
    'Dieser Tab wartet schon darauf, dass sein Raum vergisst. Frag wieder, wenn das erledigt ist.',
  ],
  [
    'This tab was forgotten, and has left its room.',
    'Dieser Tab wurde vergessen und hat seinen Raum verlassen.',
  ],
  [
    'This browser could not delete the text that it kept for this tab. Clear this page’s data in the browser’s settings.',
    'Dieser Browser konnte den Text, den er für diesen Tab behielt, nicht löschen. Lösche die Daten dieser Seite in den Einstellungen des Browsers.',
  ],
]
