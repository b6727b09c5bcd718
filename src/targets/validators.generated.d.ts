import type { Kind } from '../observation/observation.ts'
import type { Validator } from '../observation/schema-faults.ts'
import type { ProbeDialog } from './dialog.ts'

/** Each fills in defaults. */
export const validators: Readonly<Record<Kind | 'profiles', Validator>>
/** Every key that an entry of this kind may have. */
export const keys: Readonly<Record<Kind, readonly string[]>>
/** Every key that the file, a window of `expected` or the limits of one check may have. */
export const fileKeys: Readonly<Record<'file' | 'window' | 'limits', readonly string[]>>
/** What the dialog of the node that watches this kind holds. */
export const dialogs: Readonly<Record<Kind, ProbeDialog>>
