/**
 * Gives the focus to the first field of the dialog's form, as soon as one is drawn and unless somebody has it by then. A dialog that only
 * shows what would be done has no field and keeps the focus where it was. Returns what ends the waiting.
 */
export function focusFirstField(dialog: HTMLDialogElement): () => void {
  const opened = document.activeElement;
  const observer = new MutationObserver(look);
  look();
  if (isWaiting()) observer.observe(dialog, { childList: true, subtree: true });
  return () => observer.disconnect();

  function look(): void {
    if (isWaiting()) firstField(dialog)?.focus();
    if (!isWaiting()) observer.disconnect();
  }
  function isWaiting(): boolean {
    const { activeElement } = document;
    return activeElement === opened && !(activeElement instanceof HTMLInputElement);
  }
}

/** Of choices the one that is made already. */
function firstField(dialog: HTMLDialogElement): HTMLElement | undefined {
  const all = [...dialog.querySelectorAll<Field>('form :is(input, select, textarea)')];
  const fields = all.filter(({ disabled, type }) => !disabled && type !== 'hidden');
  const [first] = fields;
  const isChosen = (field: Field) => field instanceof HTMLInputElement && field.name === first?.name && field.checked;
  return first?.type === 'radio' ? (fields.find(isChosen) ?? first) : first;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
