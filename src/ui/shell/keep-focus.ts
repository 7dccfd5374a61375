/**
 * Keeps the focus on the screen where what had it is taken away, as the row of a customer who was ignored: the row that took its place has
 * it then, else the table, else the heading. Returns what ends it.
 */
export function keepFocus(main: HTMLElement): () => void {
  let last: { readonly node: Element; readonly box: HTMLElement | null; readonly row: string | null } | null = null;

  function came({ target }: FocusEvent): void {
    if (!(target instanceof HTMLElement)) return;
    const row = target.closest('tr')?.querySelector('[data-row]')?.getAttribute('data-row') ?? null;
    last = { node: target, box: target.closest<HTMLElement>('.table-box'), row };
  }
  /** Who leaves by himself is not followed; a node that goes says the same first and is gone a moment later. */
  function left({ target }: FocusEvent): void {
    queueMicrotask(() => {
      if (last !== null && last.node === target && last.node.isConnected) last = null;
    });
  }
  const observer = new MutationObserver(() => {
    if (last === null || last.node.isConnected || document.activeElement !== document.body) return;
    const { box, row } = last;
    last = null;
    const table = box?.isConnected === true ? box : null;
    const next = row === null ? null : table?.querySelector<HTMLElement>(`[data-row="${row}"]`);
    (next ?? table ?? main.querySelector('h1'))?.focus({ preventScroll: true });
  });

  main.addEventListener('focusin', came);
  main.addEventListener('focusout', left);
  observer.observe(main, { childList: true, subtree: true });
  return () => {
    main.removeEventListener('focusin', came);
    main.removeEventListener('focusout', left);
    observer.disconnect();
  };
}
