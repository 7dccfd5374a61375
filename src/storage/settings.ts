import type { Json } from '../domain/canonical';
import { DEFAULT_TEMPLATE, type NameTemplate } from '../domain/line-name';
import { write, type Database, type Writing } from './db';
import { decide } from './decide';
import type { SettingRecord } from './rows';

/** A setting of this workspace, or undefined where nobody chose one. */
export async function settingOf(db: Database, key: string): Promise<Json | undefined> {
  return (await db.settings.get(key))?.value;
}

/** Changes a setting; null removes it. */
export function changeSetting(db: Database, now: string, key: string, value: Json): Promise<void> {
  return decide(db, now, ['settings'], ({ audit }) => putSetting(db, audit, key, value));
}

/** The same where it is no decision that anybody would take back. */
export function keepSetting(db: Database, now: string, key: string, value: Json): Promise<void> {
  return write(db, now, ['settings'], ({ audit }) => putSetting(db, audit, key, value));
}

async function putSetting(db: Database, audit: Writing['audit'], key: string, value: Json): Promise<void> {
  if (value === null) await db.settings.delete(key);
  else await db.settings.put({ key, value });
  await audit('setting changed', key, value);
}

/** The partner's own company; null while none is chosen. */
export async function ownCompany(db: Database): Promise<string | null> {
  const company = await settingOf(db, 'own company');
  return typeof company === 'string' ? company : null;
}

/** How new lines are called. Read as data: anything that is no template is the default. */
export async function nameTemplate(db: Database): Promise<NameTemplate> {
  return templateOf(await settingOf(db, NAME_TEMPLATE));
}

/** The same in settings that are at hand. */
export function nameTemplateIn(settings: readonly SettingRecord[]): NameTemplate {
  return templateOf(settings.find(({ key }) => key === NAME_TEMPLATE)?.value);
}

function templateOf(value: Json | undefined): NameTemplate {
  const { text, collapse } = (value ?? {}) as { text?: Json; collapse?: Json };
  return typeof text === 'string' && typeof collapse === 'boolean' ? { text, collapse } : DEFAULT_TEMPLATE;
}

export function saveNameTemplate(db: Database, now: string, { text, collapse }: NameTemplate): Promise<void> {
  return changeSetting(db, now, NAME_TEMPLATE, { text, collapse });
}

const NAME_TEMPLATE = 'name template';

/** The day of the month by which the partner's invoices go out; null while nobody chose one. Read as data: anything that is no day is none. */
export async function invoiceDay(db: Database): Promise<number | null> {
  const day = await settingOf(db, INVOICE_DAY);
  return typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 31 ? day : null;
}

/** Null goes back to the usual one. */
export function saveInvoiceDay(db: Database, now: string, day: number | null): Promise<void> {
  return changeSetting(db, now, INVOICE_DAY, day);
}

const INVOICE_DAY = 'invoice day';
