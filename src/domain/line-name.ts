/** How a line is called on the PSA's invoice. `{account}`, `{site}` and `{product}` are filled in; `collapse` writes equal neighbours once. */
export interface NameTemplate {
  readonly text: string;
  readonly collapse: boolean;
}
export const DEFAULT_TEMPLATE: NameTemplate = { text: '{account} - {site} - {product}', collapse: false };

/** The name, cut to the PSA's limit (in characters, never through a surrogate pair), and whether it was cut. */
export function lineNameOf(
  template: NameTemplate,
  parts: { readonly account: string; readonly site: string; readonly product: string },
  limit: number,
  edited?: string,
): { name: string; cut: boolean } {
  const name = (edited ?? filled(template, parts)).trim();
  if (name.length <= limit) return { name, cut: false };
  let end = limit;
  if (/[\uD800-\uDBFF]/.test(name.charAt(end - 1))) end--;
  return { name: name.slice(0, end).trimEnd(), cut: true };
}

function filled({ text, collapse }: NameTemplate, parts: { account: string; site: string; product: string }): string {
  const pieces = text
    .split(' - ')
    .map((piece) => piece.replace(/\{(account|site|product)\}/g, (_, part: 'account' | 'site' | 'product') => parts[part]));
  const kept = collapse ? pieces.filter((piece, index) => piece !== pieces[index - 1]) : pieces;
  return kept.join(' - ');
}
