import type { ProfileFile } from '../profile.ts'
import custom from './custom.json' with { type: 'json' }
import facebook from './facebook.json' with { type: 'json' }
import twitch from './twitch.json' with { type: 'json' }
import vimeo from './vimeo.json' with { type: 'json' }
import youtube from './youtube.json' with { type: 'json' }

/** The profiles that come with the package. */
export const SHIPPED_PROFILES: readonly ProfileFile[] = [youtube, vimeo, twitch, facebook, custom]
