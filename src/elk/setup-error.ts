/** Something cannot be put where it should be. The message is for a person, and holds no secret. */
export class SetupError extends Error {
  override readonly name = 'SetupError'
}
