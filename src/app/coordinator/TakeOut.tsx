/** Takes a device out for good, with all that was learned from it: for who is asked to by its person, or cannot reach it. */
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../lib/messageOf'
import { useNode } from '../node'
import { Button } from '../ui/controls/Button'
import { useWords } from '../words/words'

interface Props {
  readonly device: string
  readonly name: string
}

export function TakeOut({ device, name }: Props) {
  const words = useWords()
  const node = useNode()
  const [isAsked, setAsked] = useState(false)
  const forget = () => {
    setAsked(false)
    try {
      node.forget(device)
    } catch (error) {
      toast.error(words.said(messageOf(error)))
    }
  }
  if (!isAsked)
    return (
      <Button look="quiet" onClick={() => setAsked(true)}>
        {words.forgetting.takeOut(name)}
      </Button>
    )
  return (
    <>
      <Button look="danger" onClick={forget}>
        {words.forgetting.sureOf(name)}
      </Button>
      <Button look="quiet" onClick={() => setAsked(false)}>
        {words.forgetting.stay}
      </Button>
    </>
  )
}
