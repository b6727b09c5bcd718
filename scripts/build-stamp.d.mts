export function stampOfInputs(root: string): string
export function isBuilt(root: string): boolean
