import { createRawSnippet, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import Table from '../../../src/ui/parts/Table.svelte';

interface Row {
  readonly name: string;
}
const rows: readonly Row[] = Array.from({ length: 5000 }, (_, index) => ({ name: `Row ${String(index)}` }));
const row = createRawSnippet<[Row, number]>((item, index) => ({
  render: () => `<tr><td style="height: 32px"><button data-row="${String(index())}">${item().name}</button></td></tr>`,
}));
let shown: ReturnType<typeof mount> | undefined;

afterEach(async () => {
  if (shown !== undefined) await unmount(shown);
});

function draw(): HTMLElement {
  shown = mount(Table<Row>, {
    target: document.body,
    props: { label: 'Many', columns: [{ key: 'name', label: 'Name' }], rows, keyOf: (item: Row) => item.name, row },
  });
  const box = document.querySelector<HTMLElement>('[role="region"]');
  if (box === null) throw new Error('the table has no scroll box');
  box.style.cssText = 'height: 320px; max-height: 320px; min-height: 0; overflow: auto';
  return box;
}
const names = () => [...document.querySelectorAll('[data-row]')].map((button) => button.textContent);

test('5,000 rows put only those in view into the document', async () => {
  const box = draw();
  await expect.poll(names).toContain('Row 0');
  expect(names().length).toBeLessThan(60);
  expect(document.querySelector('table')?.getAttribute('aria-rowcount')).toBe('5001');
  box.scrollTop = box.scrollHeight;
  await expect.poll(names).toContain('Row 4999');
  expect(names().length).toBeLessThan(60);
});

test('the keyboard walks past the last drawn row', async () => {
  draw();
  await expect.poll(names).toContain('Row 0');
  document.querySelector<HTMLElement>('[data-row="0"]')?.focus();
  for (let step = 1; step <= 60; step++) {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: step % 2 === 0 ? 'j' : 'ArrowDown', bubbles: true, cancelable: true }),
    );
    await expect.poll(() => document.activeElement?.textContent).toBe(`Row ${String(step)}`);
  }
});
