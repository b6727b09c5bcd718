import { PLATFORM } from '../../kinds/platform.ts'
import { textIn } from '../../node-red/config.ts'
import { numberOr, OwnSecrets, type OwnTarget, objectIn } from '../../node-red/own-target.ts'
import { parseTarget } from '../../targets/parse-target.ts'
import type { VimeoFields } from './vimeo.types.ts'

const LABEL = 'The live event of this node'

/**
 * Reads the live event that a dialog describes. Null where it describes none: then the node takes events from messages.
 *
 * @throws MonitorError as `parseTarget`
 */
export function ownTarget(id: string, config: VimeoFields & { name?: unknown }): OwnTarget<'platform'> | null {
  const liveEvent = eventIn(config.liveEvent)
  if (liveEvent === '') return null
  const encoder = textIn(config.encoder)
  const target = parseTarget(
    PLATFORM,
    {
      name: textIn(config.name) || 'vimeo',
      liveEvent,
      interval: numberOr(config.interval, 15),
      expected: config.expected || 'always',
      dependsOn: encoder === '' ? [] : [encoder],
      limits: objectIn(config.limits, 'limits', LABEL),
      labels: config.labels ?? {},
    },
    LABEL,
  )
  return { target, secrets: new OwnSecrets(id).values }
}

/** People paste the address of the page: its number is all that is needed. */
function eventIn(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : textIn(value)
  return (
    /^https:\/\/(?:www\.)?vimeo\.com\/(?:manage\/events\/|manage\/videos\/|event\/)?(\d+)(?:[/?#]|$)/.exec(text)?.[1] ??
    text
  )
}
