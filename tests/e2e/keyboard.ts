import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { byRole } from './harness.ts';

/** What has the focus: its role and name as a screen reader says them, and whether a person sees where it is. */
export interface Focused {
  readonly role: string;
  readonly name: string;
  readonly seen: boolean;
}

/**
 * Waits until the control of that role and name is there and can be used, and tabs to it, as a person does who has no mouse: who
 * tabs before that only comes to the end of the page. Every stop on the way must show itself.
 */
export async function tabTo(page: Page, role: string, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect
    .poll(() =>
      byRole(page, role as Parameters<typeof byRole>[1], name)
        .first()
        .isEnabled(),
    )
    .toBe(true);
  const passed: string[] = [];
  for (let stops = 0; stops < MOST; stops++) {
    await page.keyboard.press(key);
    const { role: own, name: said, seen } = await focused(page);
    expect({ at: `${own} ${said}`, seen }).toEqual({ at: `${own} ${said}`, seen: true });
    if (own === role && (typeof name === 'string' ? said === name : name.test(said))) return;
    passed.push(`${own} ${said}`);
  }
  throw new Error(`${role} ${String(name)} was not reached: ${passed.join(' | ')}`);
}

/** Waits until the focus rests on what has that role and name. */
export async function expectFocus(page: Page, role: string, name: string | RegExp): Promise<void> {
  const at = async () => {
    const { role: own, name: said } = await focused(page);
    return { role: own, name: said.slice(0, 80) };
  };
  await expect.poll(at).toEqual({ role, name: typeof name === 'string' ? name : (expect.stringMatching(name) as string) });
}

export function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const node = document.activeElement ?? document.body;
    const labels = 'labels' in node ? [...((node.labels as NodeListOf<HTMLLabelElement> | null) ?? [])] : [];
    const by = (node.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
    const name = [
      node.getAttribute('aria-label'),
      by.join(' '),
      labels.map((label) => label.innerText).join(' '),
      (node as HTMLElement).innerText,
    ];
    const kind = node instanceof HTMLInputElement ? node.type : node.tagName.toLowerCase();
    const roles: Record<string, string> = {
      a: 'link',
      h1: 'heading',
      h2: 'heading',
      select: 'combobox',
      text: 'textbox',
      search: 'searchbox',
    };
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    const drawn = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0;
    const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {
      role: node.getAttribute('role') ?? roles[kind] ?? kind,
      name: (name.find((text) => text !== null && text.trim() !== '') ?? '').replace(/\s+/g, ' ').trim(),
      seen: drawn && inside,
    };
  });
}

const MOST = 150;
