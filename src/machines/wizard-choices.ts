import type { LineEdit } from '../domain/grid';
import type { ChosenBinding, SyncChoices } from '../domain/sync-choices';

/** Another PSA has other products, companies and agreements; the option and the selection stay. */
export function elsewhere(choices: SyncChoices): SyncChoices {
  return { ...choices, link: null, bindings: [], exports: [], skipped: false, agreementId: null, edits: {} };
}

export function withEdit(edits: SyncChoices['edits'], slot: string, edit: LineEdit): SyncChoices['edits'] {
  const { [slot]: _, ...rest } = edits;
  return Object.keys(edit).length === 0 ? rest : { ...rest, [slot]: edit };
}

export function withoutProducts(choices: SyncChoices, subProducts: readonly (string | null)[]): SyncChoices {
  return {
    ...choices,
    bindings: choices.bindings.filter(({ subProduct }) => !subProducts.includes(subProduct)),
    exports: choices.exports.filter(({ subProduct }) => !subProducts.includes(subProduct)),
  };
}

export function joined(choices: SyncChoices, bindings: readonly ChosenBinding[]): readonly ChosenBinding[] {
  const named = bindings.map(({ subProduct }) => subProduct);
  return [...choices.bindings.filter(({ subProduct }) => !named.includes(subProduct)), ...bindings];
}
