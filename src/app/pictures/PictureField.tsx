/** A picture of one's own: drawn from coloured shapes on nine places, or opened from a file. Beside it, what a model makes of it. */
import { useId, useState } from 'react'
import { messageOf } from '../../lib/messageOf'
import { random } from '../../lib/rng'
import {
  type Colour,
  colours,
  drawingOf,
  places,
  readPicture,
  type Scene,
  type Shape,
  sceneOf,
  shapes,
} from '../../node/browser/pictures'
import { Button } from '../ui/controls/Button'
import { DropZone } from '../ui/controls/DropZone'
import { useWords } from '../words/words'
import { named, Picture } from './Picture'
import styles from './PictureField.module.css'
import { ShapeMark } from './ShapeMark'

interface Props {
  /** One picture's words; null: none. */
  readonly value: string | null
  readonly onChange: (words: string | null) => void
}

export function PictureField({ value, onChange }: Props) {
  const words = useWords()
  const [scene, setScene] = useState<Scene>([])
  const [shape, setShape] = useState<Shape>('circle')
  const [colour, setColour] = useState<Colour>('red')
  const [failure, setFailure] = useState<string | null>(null)

  const show = (next: Scene) => {
    setScene(next)
    setFailure(null)
    onChange(next.length === 0 ? null : drawingOf(next))
  }
  const click = (place: number) => {
    const others = scene.filter((thing) => thing.place !== place)
    const here = scene.find((thing) => thing.place === place)
    const isSame = here?.shape === shape && here.colour === colour
    show(isSame ? others : [...others, { shape, colour, place }].sort((a, b) => a.place - b.place))
  }
  const open = async (files: readonly File[]) => {
    const [file] = files
    if (!file) return
    try {
      onChange(await readPicture(file))
      setScene([])
      setFailure(null)
    } catch (error) {
      setFailure(words.said(messageOf(error)))
    }
  }
  return (
    <div className={styles.field}>
      <p className={styles.hint}>{words.pictures.hint}</p>
      <Palette shape={shape} colour={colour} onShape={setShape} onColour={setColour} />
      <div className={styles.drawing}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid everywhere. */}
        <div role="group" aria-label={words.pictures.canvas} className={styles.canvas}>
          {places.map((_, place) => {
            const thing = scene.find((one) => one.place === place)
            const what = thing
              ? named(words.pictures, thing)
              : `${words.pictures.nothing} (${words.pictures.places[place]})`
            return (
              <button
                key={words.pictures.places[place]}
                type="button"
                aria-label={what}
                onClick={() => click(place)}
              >
                {thing && <ShapeMark shape={thing.shape} colour={thing.colour} />}
              </button>
            )
          })}
        </div>
        {value !== null && (
          <figure className={styles.seen}>
            <Picture words={value} />
            <figcaption>{words.pictures.asSeen}</figcaption>
          </figure>
        )}
      </div>
      <div className={styles.buttons}>
        <Button onClick={() => show(sceneOf(random(Date.now(), 'surprise')))}>
          {words.pictures.surprise}
        </Button>
        <Button look="quiet" disabled={value === null} onClick={() => show([])}>
          {words.pictures.clear}
        </Button>
      </div>
      <DropZone
        label={words.pictures.open}
        choose={words.pictures.open}
        accept="image/png,image/jpeg,image/webp"
        onDrop={(dropped) => void open([...dropped.files])}
        onPick={(files) => void open(files)}
      >
        {words.pictures.openHint}
      </DropZone>
      {failure !== null && (
        <p role="alert" className={styles.failure}>
          {failure}
        </p>
      )}
    </div>
  )
}

interface PaletteProps {
  readonly shape: Shape
  readonly colour: Colour
  readonly onShape: (shape: Shape) => void
  readonly onColour: (colour: Colour) => void
}

function Palette({ shape, colour, onShape, onColour }: PaletteProps) {
  const { pictures } = useWords()
  return (
    <div className={styles.palette}>
      <Choices
        legend={pictures.shape}
        options={shapes.map((name) => ({ name, title: pictures.shapes[name], shape: name, colour }))}
        chosen={shape}
        onChoose={onShape}
      />
      <Choices
        legend={pictures.colour}
        options={colours.map((name) => ({
          name,
          title: pictures.colours[name],
          shape: 'square',
          colour: name,
        }))}
        chosen={colour}
        onChoose={onColour}
      />
    </div>
  )
}

interface ChoicesProps<Name extends string> {
  readonly legend: string
  /** Each by a mark of its own. */
  readonly options: readonly {
    readonly name: Name
    readonly title: string
    readonly shape: Shape
    readonly colour: Colour
  }[]
  readonly chosen: Name
  readonly onChoose: (name: Name) => void
}

function Choices<Name extends string>({ legend, options, chosen, onChoose }: ChoicesProps<Name>) {
  const group = useId()
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map(({ name, title, shape, colour }) => (
        <label key={name} title={title}>
          <input
            type="radio"
            name={group}
            aria-label={title}
            checked={name === chosen}
            onChange={() => onChoose(name)}
          />
          <ShapeMark shape={shape} colour={colour} />
        </label>
      ))}
    </fieldset>
  )
}
