import type { Kind } from '../observation/observation.ts'
import type { TargetOf } from './target.generated.js'

export type * from './target.generated.js'

export type Target<K extends Kind = Kind> = TargetOf[K]
