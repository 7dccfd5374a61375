const KEY = 'tallyline.single-keys';

let on = $state(stored());

/** Whether single letters and marks do something, in every workspace of this browser. Who speaks to the machine must be able to say no (WCAG 2.1.4). */
export function singleKeysOn(): boolean {
  return on;
}

export function switchSingleKeys(to: boolean): void {
  on = to;
  try {
    if (to) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // Storage may be forbidden; the choice then holds until the page closes.
  }
}

/** Whether a key was pressed alone by somebody who writes nowhere, answers no question, and lets single keys do something. */
export function isAlone({ target, defaultPrevented, ctrlKey, metaKey, altKey, repeat }: KeyboardEvent): boolean {
  if (!on || defaultPrevented || ctrlKey || metaKey || altKey || repeat) return false;
  const node = target instanceof HTMLElement ? target : null;
  const writes = (node?.closest('input, textarea, select, dialog, [role="menu"]') ?? null) !== null;
  return !writes && document.querySelector('dialog[open]') === null;
}

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}
