const PLACEHOLDER = /\$\{([^${}]*)\}/g

/** What an environment variable can be called in a targets file. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

export function placeholder(name: string): string {
  return `\${${name}}`
}

/** The names of all `${NAME}` in a template, each once. */
export function placeholdersIn(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(PLACEHOLDER), ([, name = '']) => name))]
}

/** Puts values in the place of every `${NAME}`. A value is not looked through again. */
export function fillPlaceholders(template: string, value: (name: string) => string): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) => value(name))
}
