/** Shows a choice in a select whose property a hand-written flow left out; the editor would show none. */
export function chooseIfEmpty(selector: string, choice: string): void {
  const select = $(selector)
  if (!select.val()) select.val(choice)
}

/** Opens the sections of a dialog that hold a field the editor marked as wrong, so that the mark can be seen. */
export function openFaultySections(): void {
  // The editor validates after `oneditprepare` has returned.
  setTimeout(() => $('.hmonitor-dialog .input-error').closest('details').prop('open', true), 0)
}
