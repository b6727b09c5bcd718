/** Shows a choice in a select whose property a hand-written flow left out; the editor would show none. */
export function chooseIfEmpty(selector: string, choice: string): void {
  const select = $(selector)
  if (!select.val()) select.val(choice)
}
