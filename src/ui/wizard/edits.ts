import type { LineEdit } from '../../domain/grid';

/** What is left of the edits of a line once some are set back. */
export function withoutEdits(edit: LineEdit, ...fields: (keyof LineEdit)[]): LineEdit {
  return Object.fromEntries(Object.entries(edit).filter(([key]) => !fields.includes(key as keyof LineEdit)));
}
