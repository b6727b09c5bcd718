import type { Kind } from '../observation/observation.ts'

/** One fault that a validator found, as ajv describes it. */
export interface SchemaFault {
  /** JSON pointer to the value. */
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  message?: string
  /** The key that was looked at, where the fault is about a key. */
  propertyName?: string
}

export interface Validator {
  /** Fills in defaults; what is wrong is in `errors` until the next call. */
  (value: unknown): boolean
  errors?: SchemaFault[] | null
}

export const validators: Readonly<Record<Kind | 'profiles', Validator>>
/** Every key that an entry of this kind, the file, a window of `expected` or the limits of one check may have. */
export const keys: Readonly<Record<Kind | 'file' | 'window' | 'limits', readonly string[]>>
