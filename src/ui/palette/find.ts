import { GROUPS, type Entry, type Group } from './entries';

export interface Found {
  readonly name: Group | 'Recent';
  readonly entries: readonly Entry[];
  /** How many more match. */
  readonly more: number;
}

/** An entry with its words in small letters, made once for each answer of the database. */
export interface Indexed {
  readonly entry: Entry;
  readonly name: string;
  readonly all: string;
}

/** What stands there before anything is typed. */
const OPENING: readonly Group[] = ['Go to', 'Do'];
const MOST = 6;
const RANKS = 8;

export function indexed(entries: readonly Entry[]): readonly Indexed[] {
  return entries.map((entry) => {
    const name = entry.label.toLowerCase();
    return { entry, name, all: `${name} ${entry.detail} ${entry.words ?? ''} ${entry.group}`.toLowerCase() };
  });
}

/** Without words: what was picked last, the screens and the acts. With words: what holds every one of them, the best group first. */
export function find(index: readonly Indexed[], text: string, recent: readonly string[]): readonly Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? opening(index, recent) : matching(index, words, new Set(recent));
}

function opening(index: readonly Indexed[], recent: readonly string[]): readonly Found[] {
  const known = new Map(index.map(({ entry }) => [entry.id, entry]));
  const last = recent.flatMap((id) => known.get(id) ?? []);
  const rest = (group: Group) => [...known.values()].filter((entry) => entry.group === group && !last.includes(entry));
  const groups = [{ name: 'Recent' as const, entries: last }, ...OPENING.map((name) => ({ name, entries: rest(name) }))];
  return groups.filter(({ entries }) => entries.length > 0).map((group) => ({ ...group, more: 0 }));
}

function matching(index: readonly Indexed[], words: readonly string[], recent: ReadonlySet<string>): readonly Found[] {
  const ranks = new Map(GROUPS.map((name): [Group, Entry[][]] => [name, Array.from({ length: RANKS }, () => [])]));
  for (const one of index) {
    if (!words.every((word) => one.all.includes(word))) continue;
    const rank = 2 * rankOf(one, words) + (recent.has(one.entry.id) ? 0 : 1);
    ranks.get(one.entry.group)?.[rank]?.push(one.entry);
  }
  return [...ranks]
    .map(([name, own]) => ({ name, best: own.findIndex((some) => some.length > 0), all: own.flat() }))
    .filter(({ best }) => best >= 0)
    .sort((left, right) => left.best - right.best)
    .map(({ name, all }) => ({ name, entries: all.slice(0, MOST), more: Math.max(0, all.length - MOST) }));
}

/** 0 where the name begins with what was typed, 3 where only something beside the name holds it. */
function rankOf({ name }: Indexed, words: readonly string[]): number {
  if (name.startsWith(words.join(' '))) return 0;
  if (words.every((word) => ` ${name}`.includes(` ${word}`))) return 1;
  return words.every((word) => name.includes(word)) ? 2 : 3;
}
