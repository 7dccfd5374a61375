import type { Problem } from '../../domain/problem';
import { say } from '../copy';

/** One error of a form: the id of its control, or null, and the sentence. */
export interface FormError {
  readonly field: string | null;
  readonly text: string;
}

/** Problems of a form in the words of its labels; `labels` names every field that has a control with the id `${prefix}-${field}`. */
export function formErrors(problems: readonly Problem[], prefix: string, labels: Readonly<Record<string, string>>): FormError[] {
  return problems.map((problem) => {
    const field = 'field' in problem && typeof problem.field === 'string' ? problem.field : null;
    const label = field === null ? undefined : labels[field];
    const { title, detail } = say(label === undefined ? problem : ({ ...problem, field: label } as Problem));
    return {
      field: label === undefined ? null : `${prefix}-${field ?? ''}`,
      text: problem.code === 'text is missing' ? title : `${title}. ${detail}`,
    };
  });
}

export function errorAt(errors: readonly FormError[], field: string): string | null {
  return errors.find((error) => error.field === field)?.text ?? null;
}
