/** A shape in its colour, as pictures have them. */
import { type Colour, inks, type Shape } from '../../node/browser/pictures'

const paths: Readonly<Record<Shape, string>> = {
  circle: 'M12 4a8 8 0 1 0 .01 0Z',
  square: 'M5 5h14v14H5Z',
  triangle: 'M12 4l8 15H4Z',
  star: 'M12 3.5l2 6h6.2l-5 3.7 1.9 6-5.1-3.7-5.1 3.7 1.9-6-5-3.7H10Z',
  ring: 'M12 4a8 8 0 1 0 .01 0ZM12 8.2a3.8 3.8 0 1 1-.01 0Z',
  heart: 'M12 19.5C3 13 4 5.5 8.3 5.5c2 0 3.2 1.3 3.7 2.6.5-1.3 1.7-2.6 3.7-2.6 4.3 0 5.3 7.5-3.7 14Z',
}

export function ShapeMark({ shape, colour }: { readonly shape: Shape; readonly colour: Colour }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" width="28" height="28">
      <path d={paths[shape]} fill={`rgb(${inks[colour].join(' ')})`} fillRule="evenodd" />
    </svg>
  )
}
