/** English: pictures, and what can be made out in them. `de-pictures.ts` has the same shape. */

const places = [
  ...['top left', 'top', 'top right'],
  ...['left', 'middle', 'right'],
  ...['bottom left', 'bottom', 'bottom right'],
]
const shapes = {
  circle: 'circle',
  square: 'square',
  triangle: 'triangle',
  star: 'star',
  ring: 'ring',
  heart: 'heart',
}
const colours = {
  red: 'red',
  yellow: 'yellow',
  green: 'green',
  blue: 'blue',
  purple: 'purple',
  black: 'black',
}

export const enPictures = {
  pictures: {
    picture: 'Picture',
    blank: 'An empty picture',
    thing: (colour: string, shape: string, place: string) => `${colour} ${shape} (${place})`,
    places,
    nothing: 'nothing',
    takeAway: 'Take the picture away',
    draw: 'Draw a picture',
    hint: 'Choose a shape and a colour, then click where it goes. A click on it takes it away.',
    canvas: 'The picture’s nine places',
    shape: 'Shape',
    colour: 'Colour',
    shapes,
    colours,
    surprise: 'Surprise me',
    clear: 'Clear',
    open: 'Open a picture',
    openHint: 'or drop one here: PNG, JPEG or WebP. It is made small, and does not leave this tab.',
    asSeen: 'As the model sees it',
    blind: 'This room’s model sees no pictures. Open a room with the model Lens.',
  },
}
