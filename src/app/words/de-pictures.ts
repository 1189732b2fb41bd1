/** German: pictures, and what can be made out in them, in the shape of `en-pictures.ts`. */
import type { enPictures } from './en-pictures'

const places = [
  ...['oben links', 'oben', 'oben rechts'],
  ...['links', 'Mitte', 'rechts'],
  ...['unten links', 'unten', 'unten rechts'],
]
const shapes = {
  circle: 'Kreis',
  square: 'Quadrat',
  triangle: 'Dreieck',
  star: 'Stern',
  ring: 'Ring',
  heart: 'Herz',
}
const colours = { red: 'rot', yellow: 'gelb', green: 'grün', blue: 'blau', purple: 'lila', black: 'schwarz' }

export const dePictures: typeof enPictures = {
  pictures: {
    picture: 'Bild',
    blank: 'Ein leeres Bild',
    thing: (colour: string, shape: string, place: string) => `${shape} in ${colour} (${place})`,
    places,
    nothing: 'nichts',
    takeAway: 'Bild wegnehmen',
    draw: 'Ein Bild malen',
    hint: 'Wähle Form und Farbe, dann klicke, wohin. Ein Klick darauf nimmt es wieder weg.',
    canvas: 'Die neun Plätze des Bildes',
    shape: 'Form',
    colour: 'Farbe',
    shapes,
    colours,
    surprise: 'Überrasche mich',
    clear: 'Leeren',
    open: 'Bild öffnen',
    openHint: 'oder hier ablegen: PNG, JPEG oder WebP. Es wird verkleinert und verlässt diesen Tab nicht.',
    asSeen: 'Wie das Modell es sieht',
    blind: 'Das Modell dieses Raums sieht keine Bilder. Öffne einen Raum mit dem Modell Lens.',
  },
}
