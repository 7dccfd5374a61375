const MOST = 5;
const picked = new WeakMap<object, readonly string[]>();

/** What was picked last in a workspace, the newest first. It is kept while the page is open and nowhere else: the names are customers'. */
export function recentOf(db: object): readonly string[] {
  return picked.get(db) ?? [];
}

export function remember(db: object, id: string): void {
  picked.set(db, [id, ...recentOf(db).filter((other) => other !== id)].slice(0, MOST));
}
