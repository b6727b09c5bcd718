import { type Markup, markup } from './markup.ts'
import type { Picture } from './report.ts'
import type { Texts } from './texts.ts'
import type { Writing } from './writing.ts'

/** Pictures beside one another, each with its time. */
export function figures(pictures: readonly Picture[], texts: Texts, writing: Writing): Markup | null {
  if (pictures.length === 0) return null
  const shown = pictures.map(({ at, jpeg }) => {
    const caption = texts.pictureAt(writing.time(at))
    return markup`<figure><img src="data:image/jpeg;base64,${jpeg}" alt="${caption}"><figcaption>${caption}</figcaption></figure>`
  })
  return markup`<div class="pictures">${shown}</div>
`
}
