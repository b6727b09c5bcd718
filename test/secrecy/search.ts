/** How a secret may look once it went through a URL, JSON, a header or a shell. */
function disguises(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
  const uri = encodeURIComponent(secret)
  const lower = uri.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  const escaped = secret.replace(/[^A-Za-z0-9]/g, (character) => `\\${character}`)
  return [...new Set([secret, json, uri, lower, encodeURI(secret), escaped, base64])]
}

/** A place where a secret must not be. */
export interface Place {
  /** Where it is, for the failure. */
  where: string
  text: string
}

/**
 * The places that show a secret, with what is around it. Its first eight characters count as well: half a key is a
 * good start for who guesses the rest.
 */
export function leaks(places: Place[], secrets: Record<string, string>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = [...disguises(secret), secret.slice(0, 8)]
    return places.flatMap(({ where, text }) => {
      const form = forms.find((candidate) => text.includes(candidate))
      if (form === undefined) return []
      const at = text.indexOf(form)
      return [`${where} shows ${name}: …${text.slice(Math.max(0, at - 60), at + form.length + 20)}…`]
    })
  })
}
