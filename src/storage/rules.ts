import { shiftPeriod, type Period } from '../domain/calendar';
import type { SubProduct } from '../domain/marketplace';
import { problem, ProblemError } from '../domain/problem';
import type { RuleVersion } from '../domain/rule';
import { checkRule, type RuleForm } from '../domain/rule-form';
import type { Database } from './db';
import { decide } from './decide';

/** Every version of a product's rules, newest first; `ruleFor` chooses among them. */
export async function rulesOf(db: Database, product: string): Promise<RuleVersion[]> {
  return (await db.rules.where('product').equals(product).sortBy('seq')).reverse();
}

/** The sub-products of a product that a rule can be for, by name. */
export async function subProductsOf(db: Database, product: string): Promise<SubProduct[]> {
  return (await db.subProducts.where('product').equals(product).toArray()).sort((left, right) => left.name.localeCompare(right.name, 'en'));
}

/** Adds a rule. Throws the first problem of `checkRule`. */
export async function addRule(db: Database, now: string, form: RuleForm): Promise<RuleVersion> {
  const checked = checkRule(form);
  if (!checked.ok) throw new ProblemError(checked.error[0] ?? problem('unexpected', { message: 'no reason' }));
  const draft = checked.value;
  return decide(db, now, ['rules'], async ({ next, audit }) => {
    const rule: RuleVersion = { ...draft, seq: next() };
    await db.rules.add(rule);
    await audit('rule added', rule.subProduct ?? rule.product, { ...rule });
    return rule;
  });
}

/**
 * Ends a rule: `from` is the first month in which it no longer holds. Earlier months keep it; one that had not begun never holds. An end
 * that it has already is only moved to an earlier month. Throws `rule is gone` where there is no such rule.
 */
export function endRule(db: Database, now: string, { seq, from }: { readonly seq: number; readonly from: Period }): Promise<void> {
  const until = shiftPeriod(from, -1);
  return decide(db, now, ['rules'], async ({ audit }) => {
    const rule = await db.rules.get(seq);
    if (rule === undefined) throw new ProblemError(problem('rule is gone', { seq }));
    if (rule.until !== null && rule.until <= until) return;
    await db.rules.put({ ...rule, until });
    await audit('rule ended', rule.subProduct ?? rule.product, { seq, kind: rule.kind, site: rule.site, until });
  });
}
