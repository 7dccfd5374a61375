import { isRecurring } from './change';
import type { GridInput, LineEdit } from './grid';
import type { Wanted } from './known-line';
import { lineNameOf } from './line-name';

export interface KeptName {
  readonly name: string;
  readonly cut: boolean;
  /** What the template, or the partner, calls the line. */
  readonly ofTemplate: string;
  /** False where the PSA's line has no name of its own. */
  readonly keepsName: boolean;
}

/** What a line is called where the PSA keeps a name for it, else the name of its product. */
export function keptNameOf(input: GridInput, wanted: Wanted, edit: LineEdit): KeptName {
  const ofTemplate = lineNameOf(
    input.template,
    { account: input.count.account, site: input.count.site, product: oneTimeName(input, wanted.name) },
    input.limits.lineName,
    edit.name,
  );
  const keepsName = input.limits.keepsName !== false || !isRecurring(input.option);
  const named = keepsName ? ofTemplate : { name: productName(wanted), cut: false };
  return { ...named, ofTemplate: ofTemplate.name, keepsName };
}

/** What the PSA's invoice says where a line has no name of its own. */
function productName({ binding, name }: Wanted): string {
  return binding === null || binding.description.trim() === '' ? name : binding.description;
}

/** Where no key tells one month's charge from the next one's, its name does. */
function oneTimeName({ limits, option, period }: GridInput, name: string): string {
  return limits.lineKey === null && !isRecurring(option) ? `${name} ${period}` : name;
}
